import {escape} from './escape-sequence.ts';
import {type Automaton, automaton, lookedThrough} from './trigger-automaton.ts';

/** So many bytes of a word are looked for, around its rarest pair: a hit only says "decode this line and look". */
export const longest = 10;
/** The stop of bytes that may stand inside a word unseen. */
export const unseen = 255;

/** A part of a word that is looked for, and where the second byte of a pair stands in it. */
export type Candidate = {readonly word: Buffer; readonly second: number};

type Groups = ReadonlyArray<readonly Candidate[]>;

export type TriggerTables = {
	readonly automaton: Automaton;
	/** By two bytes of text in a row: `unseen`, or the group of those that are recognised by them; group 0 is empty. */
	readonly stops: Uint8Array;
	readonly telling: Groups;
	/** By two bytes of text in a row: the group of those that they stand in anywhere. */
	readonly innerGroup: Uint16Array;
	readonly inner: Groups;
};

/**
 * Prepares a search; takes some milliseconds, and can be shared by many scans.
 * @param words printable ASCII, two characters at least; fewer than 255
 */
export const triggerTables = (words: readonly string[]): TriggerTables => {
	const parts = words.map(tellingPart);
	const telling = groupsOf(parts, (word) => [rarestPair(word)]);
	const inner = groupsOf(parts, (word) => Array.from({length: word.length - 1}, (_, first) => first));
	const stops = new Uint8Array(256 * 256);
	const innerGroup = new Uint16Array(256 * 256);
	for (const [index, pair] of telling.keys().toArray().entries()) {
		stops[pair] = index + 1;
	}

	for (const [index, pair] of inner.keys().toArray().entries()) {
		innerGroup[pair] = index + 1;
	}

	for (let before = 0; before < 256; before++) {
		for (const byte of [...lookedThrough, escape]) {
			stops[(before << 8) | byte] = unseen;
		}
	}

	return {
		automaton: automaton(parts),
		stops,
		telling: [[], ...telling.values()],
		innerGroup,
		inner: [[], ...inner.values()],
	};
};

const tellingPart = (word: string): string => {
	const start = Math.max(0, Math.min(rarestPair(word) - longest / 2, word.length - longest));
	return word.slice(start, start + longest);
};

/** Words by the two bytes at some places in them. */
const groupsOf = (
	words: readonly string[],
	places: (word: string) => readonly number[],
): ReadonlyMap<number, readonly Candidate[]> => {
	const groups = new Map<number, Candidate[]>();
	for (const word of words) {
		const bytes = Buffer.from(word);
		for (const first of places(word)) {
			const pair = bytes.readUInt16BE(first);
			groups.set(pair, [...(groups.get(pair) ?? []), {word: bytes, second: first + 1}]);
		}
	}

	return groups;
};

/** Where the pair of a word begins that is the rarest on consoles. */
const rarestPair = (word: string): number => {
	let rarest = 0;
	for (let first = 1; first < word.length - 1; first++) {
		if (rarity(word, first) > rarity(word, rarest)) {
			rarest = first;
		}
	}

	return rarest;
};

const rarity = (word: string, first: number): number => rank.get(word.slice(first, first + 2)) ?? rank.size;

/** The most frequent pairs of bytes on consoles, as counted in recorded starts of Debian (test/fixtures/console): they tell nothing. */
const ordinary =
	'  ] : [ teerinste edred ffemest  Sletior satngonysm ista ag  rdese ts sycearneicntaletacloliit,  pgel  [memdotriblen cn ' +
	'ou Amoabroioegodniocr gi fma-  P -usur irtrnasCP (elviheto mPI Ranea bckevun F dACtr l Milndsicoca eravecp Cec DI:pis.y ' +
	'o  BtyshK d-prs: L O Irvctchnarcfikefod[sobumsad n KFi.sStpairRe oipOKm]olooom Np:llss htsigupSl unoulnsh bepophrmKeaghp' +
	'iattryMopecila_ik doPCpu[mppimiee.obizrdf fehaclC e:pc vidcuscoafsf] x UB DeapnfptuersMASyrgwiu: wthLompdiutbyyp Tbad.Us' +
	'hiduOSlytuI zei ammmva gr:SeS daofrkqusksadpCos,biP CI k_cmiebudivaii_owy.nufat_rqugyttcm.Liefxfm:E wos-) axauIO Ht. EIn' +
	"-f Gvm +gukst:e_e@U suq _b 'p y: VDM WETa PU(oe-PMR c twSMcyuir)eeru-cc:T osu_crog /_pRC_soprreyfuNE.tBIfrn:x_ifXPSIwa. ";

/** The rarer a pair, the larger: its place in the list. */
const rank: ReadonlyMap<string, number> = new Map(
	Array.from({length: ordinary.length / 2}, (_, index) => [ordinary.slice(2 * index, 2 * index + 2), index]),
);

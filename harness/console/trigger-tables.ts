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
	const parts = words.map((word) => tellingPart(Buffer.from(word)));
	const telling = groupsOf(parts, (word) => [rarestPair(word)]);
	const inner = groupsOf(parts, pairsOf);
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

const tellingPart = (word: Buffer): Buffer => {
	const pair = Math.max(0, word.indexOf(rarestPair(word)));
	const start = Math.max(0, Math.min(pair - longest / 2, word.length - longest));
	return word.subarray(start, start + longest);
};

const groupsOf = (
	words: readonly Buffer[],
	pairs: (word: Buffer) => readonly Buffer[],
): ReadonlyMap<number, Candidate[]> => {
	const groups = new Map<number, Candidate[]>();
	for (const word of words) {
		for (const pair of pairs(word)) {
			const others = groups.get(pair.readUInt16BE()) ?? [];
			groups.set(pair.readUInt16BE(), [...others, {word, second: pair.byteOffset - word.byteOffset + 1}]);
		}
	}

	return groups;
};

const rarestPair = (word: Buffer): Buffer => {
	return pairsOf(word).toSorted((a, b) => rarity(b) - rarity(a))[0] ?? word;
};

const pairsOf = (word: Buffer): readonly Buffer[] =>
	Array.from({length: word.length - 1}, (_, index) => word.subarray(index, index + 2));

/** The most frequent pairs of bytes on consoles, as counted in recorded starts of Debian (test/fixtures/console): they tell nothing. */
const ordinary =
	'  ] : [ teerinste edred ffemest  Sletior satngonysm ista ag  rdese ts sycearneicntaletacloliit,  pgel  [memdotriblen cn ' +
	'ou Amoabroioegodniocr gi fma-  P -usur irtrnasCP (elviheto mPI Ranea bckevun F dACtr l Milndsicoca eravecp Cec DI:pis.y ' +
	'o  BtyshK d-prs: L O Irvctchnarcfikefod[sobumsad n KFi.sStpairRe oipOKm]olooom Np:llss htsigupSl unoulnsh bepophrmKeaghp' +
	'iattryMopecila_ik doPCpu[mppimiee.obizrdf fehaclC e:pc vidcuscoafsf] x UB DeapnfptuersMASyrgwiu: wthLompdiutbyyp Tbad.Us' +
	'hiduOSlytuI zei ammmva gr:SeS daofrkqusksadpCos,biP CI k_cmiebudivaii_owy.nufat_rqugyttcm.Liefxfm:E wos-) axauIO Ht. EIn' +
	"-f Gvm +gukst:e_e@U suq _b 'p y: VDM WETa PU(oe-PMR c twSMcyuir)eeru-cc:T osu_crog /_pRC_soprreyfuNE.tBIfrn:x_ifXPSIwa. ";
const pairsIn = (text: string): readonly string[] =>
	Array.from({length: text.length / 2}, (_, index) => text.slice(2 * index, 2 * index + 2));

/** The rarer, the larger: the place in the list. */
const rank = new Map(pairsIn(ordinary).map((pair, index) => [pair, index]));

const rarity = (pair: Buffer): number => rank.get(pair.toString('latin1')) ?? rank.size;

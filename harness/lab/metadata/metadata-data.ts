import {createHash} from 'node:crypto';
import {z} from 'zod';

const text = z.string().min(1);
const ipv4 = z.ipv4();
const mac = z.string().regex(/^[\da-f]{2}(:[\da-f]{2}){5}$/u, 'must be six lower-case bytes such as 42:01:0a:00:00:02');

/** Compute Engine's ids have 64 bits and do not fit a JavaScript number: decimal digits. */
const id = z.string().regex(/^[1-9]\d{0,18}$/u, 'must be a decimal number of at most 19 digits');

/** Limits of the Compute Engine API, resource Metadata: keys of less than 128 bytes, values up to 256 KiB. */
const attributes = z.record(
	z.string().regex(/^[\w-]{1,127}$/u, 'must be letters, digits, "-" and "_", at most 127'),
	z.string().refine((value) => Buffer.byteLength(value) <= 262_144, 'must not be larger than 256 KiB'),
);

const networkInterface = z.strictObject({
	ip: ipv4,
	mac,
	gateway: ipv4,
	subnetmask: ipv4,
	mtu: z.int().min(576).max(8896),
	dnsServers: z.array(ipv4),
	/** Its name alone; the guest sees `projects/NUMBER/networks/NAME`. */
	network: text,
	accessConfigs: z.array(z.strictObject({externalIp: z.string(), type: text})),
	forwardedIps: z.array(text),
	ipAliases: z.array(text),
	targetInstanceIps: z.array(text),
});

/** What the metadata server tells a guest, per scenario. Whatever is not in here is the same for every machine. */
export const metadataSchema = z.strictObject({
	project: z.strictObject({projectId: text, numericProjectId: id, attributes}),
	instance: z.strictObject({
		id,
		name: text,
		/** Fully qualified. */
		hostname: text,
		description: z.string(),
		/** Names alone, such as us-central1-a and n1-standard-2; the guest sees `projects/NUMBER/zones/NAME`. */
		zone: text,
		machineType: text,
		cpuPlatform: text,
		image: text,
		tags: z.array(text),
		licenses: z.array(id),
		/** `startup-script`, `user-data`, `ssh-keys`, …; `enable-guest-attributes: TRUE` opens the guest attributes. */
		attributes,
		networkInterfaces: z.array(networkInterface).min(1),
		disks: z.array(z.strictObject({deviceName: text, interface: text, mode: text, type: text})),
		/** By e-mail address or `default`. Empty as for an instance without one: no tokens are ever served. */
		serviceAccounts: z.record(text, z.strictObject({email: text, aliases: z.array(text), scopes: z.array(text)})),
		scheduling: z.strictObject({
			automaticRestart: z.boolean(),
			onHostMaintenance: z.enum(['MIGRATE', 'TERMINATE']),
			preemptible: z.boolean(),
		}),
	}),
});

export type MetadataData = z.infer<typeof metadataSchema>;

/**
 * An instance like any other of Compute Engine, without service account, from the little that differs between labs.
 * The same address and MAC give the same instance id: cloud-init takes another id for another machine.
 * @throws ZodError when an address, the MAC or an attribute is none
 */
export const defaultMetadata = (lab: {
	readonly address: string;
	readonly mac: string;
	readonly gateway: string;
	/** Short, or fully qualified. */
	readonly hostname?: string | undefined;
	/** Of the instance. */
	readonly attributes?: Readonly<Record<string, string>> | undefined;
}): MetadataData => {
	const {address, gateway, hostname = 'bootwright', attributes = {}} = lab;
	const name = hostname.split('.', 1).join('');
	return metadataSchema.parse({
		project: {projectId: 'bootwright-lab', numericProjectId: '104857600001', attributes: {}},
		instance: {
			id: instanceId(`${address} ${lab.mac}`),
			name,
			// Zonal DNS, the default of projects since 2018 (Compute Engine: "Internal DNS names").
			hostname: hostname === name ? `${name}.${zone}.c.bootwright-lab.internal` : hostname,
			description: '',
			zone,
			machineType: 'n1-standard-2',
			cpuPlatform: 'Intel Broadwell',
			image: 'projects/bootwright-lab/global/images/candidate',
			tags: [],
			licenses: [],
			attributes,
			networkInterfaces: [
				{
					ip: address,
					mac: lab.mac,
					gateway,
					// Of the subnet; the lease is a /32 all the same.
					subnetmask: '255.255.240.0',
					mtu: 1460,
					dnsServers: ['169.254.169.254'],
					network: 'default',
					accessConfigs: [{externalIp: '', type: 'ONE_TO_ONE_NAT'}],
					forwardedIps: [],
					ipAliases: [],
					targetInstanceIps: [],
				},
			],
			disks: [{deviceName: 'persistent-disk-0', interface: 'SCSI', mode: 'READ_WRITE', type: 'PERSISTENT'}],
			serviceAccounts: {},
			scheduling: {automaticRestart: true, onHostMaintenance: 'MIGRATE', preemptible: false},
		},
	} satisfies MetadataData);
};

const zone = 'us-central1-a';

/** 62 bits of a hash: always 19 digits or fewer. */
const instanceId = (seed: string): string => {
	const bits = createHash('sha256').update(seed).digest().readBigUInt64BE() >> 2n;
	return (bits + 1n).toString();
};

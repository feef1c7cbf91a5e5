import type {GuestAttributes} from './guest-attributes.ts';
import type {MetadataData} from './metadata-data.ts';
import {type MetadataNode, array, directory, freeDirectory, list, number, text} from './metadata-node.ts';

/**
 * Everything the server has, from `/` on. The names are those of a listing of a real instance of 2020 to 2023; newer ones add
 * `partner-attributes`, `shutdown-details` and credentials, which need a cloud behind them.
 * Sources: Compute Engine, "Predefined metadata keys"; a recorded answer of a real instance in elastic/apm-agent-nodejs, test/cloud-metadata.
 */
export const metadataTree = (data: MetadataData, guestAttributes: GuestAttributes): MetadataNode =>
	directory({
		// Shut down for good: "Legacy metadata endpoints are disabled".
		'0.1': {kind: 'closed', why: 'legacy'},
		computeMetadata: directory({
			v1beta1: {kind: 'closed', why: 'legacy'},
			v1: directory({
				instance: instanceTree(data, guestAttributes),
				oslogin: directory({authenticate: directory({sessions: directory({})})}),
				project: directory({
					attributes: attributesTree(data.project.attributes),
					'numeric-project-id': number(data.project.numericProjectId),
					'project-id': text(data.project.projectId),
				}),
			}),
		}),
	});

/** As the cloud reads it: the instance's attribute, or else the project's. */
export const guestAttributesEnabled = ({instance, project}: MetadataData): boolean =>
	(instance.attributes[enableKey] ?? project.attributes[enableKey] ?? '').toUpperCase() === 'TRUE';

const enableKey = 'enable-guest-attributes';

const instanceTree = (data: MetadataData, guestAttributes: GuestAttributes): MetadataNode => {
	const {instance, project} = data;
	const ofProject = (kind: string, name: string): MetadataNode =>
		text(`projects/${project.numericProjectId}/${kind}/${name}`);
	return directory({
		attributes: attributesTree(instance.attributes),
		'cpu-platform': text(instance.cpuPlatform),
		description: text(instance.description),
		disks: array(
			instance.disks.map((disk, index) =>
				directory({
					'device-name': text(disk.deviceName),
					index: number(index),
					interface: text(disk.interface),
					mode: text(disk.mode),
					type: text(disk.type),
				}),
			),
		),
		'guest-attributes': guestAttributesEnabled(data)
			? guestAttributesTree(guestAttributes)
			: {kind: 'closed', why: 'guest-attributes'},
		hostname: text(instance.hostname),
		id: number(instance.id),
		image: text(instance.image),
		licenses: array(instance.licenses.map((license) => directory({id: text(license)}))),
		'machine-type': ofProject('machineTypes', instance.machineType),
		'maintenance-event': text('NONE'),
		name: text(instance.name),
		'network-interfaces': array(
			instance.networkInterfaces.map((nic) =>
				directory({
					'access-configs': array(
						nic.accessConfigs.map(({externalIp, type}) =>
							directory({'external-ip': text(externalIp), type: text(type)}),
						),
					),
					'dns-servers': list(nic.dnsServers),
					'forwarded-ips': array(nic.forwardedIps.map(text)),
					gateway: text(nic.gateway),
					ip: text(nic.ip),
					'ip-aliases': array(nic.ipAliases.map(text)),
					mac: text(nic.mac),
					mtu: number(nic.mtu),
					network: ofProject('networks', nic.network),
					subnetmask: text(nic.subnetmask),
					'target-instance-ips': list(nic.targetInstanceIps),
				}),
			),
		),
		preempted: text('FALSE'),
		'remaining-cpu-time': number(-1),
		scheduling: directory({
			'automatic-restart': text(upper(instance.scheduling.automaticRestart)),
			'on-host-maintenance': text(instance.scheduling.onHostMaintenance),
			preemptible: text(upper(instance.scheduling.preemptible)),
		}),
		'service-accounts': freeDirectory(
			Object.entries(instance.serviceAccounts).map(([key, {email, aliases, scopes}]) => [
				key,
				// Neither `token` nor `identity`: nobody here could sign one.
				directory({aliases: list(aliases), email: text(email), scopes: list(scopes)}),
			]),
		),
		tags: list(instance.tags, 'json'),
		'virtual-clock': directory({'drift-token': text('0')}),
		zone: ofProject('zones', instance.zone),
	});
};

const upper = (value: boolean): string => (value ? 'TRUE' : 'FALSE');

const attributesTree = (attributes: Readonly<Record<string, string>>): MetadataNode =>
	freeDirectory(Object.entries(attributes).map(([key, value]) => [key, text(value)]));

const guestAttributesTree = (namespaces: GuestAttributes): MetadataNode => ({
	...freeDirectory(
		[...namespaces].map(([namespace, keys]) => [
			namespace,
			freeDirectory([...keys].map(([key, value]) => [key, text(value)])),
		]),
	),
	apart: true,
});

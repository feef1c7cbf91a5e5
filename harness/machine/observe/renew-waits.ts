import {type Deadline} from '../../core/deadline.ts';
import {buildPacket} from '../../lab/frames/build-packet.ts';
import {openFrameTool} from '../../lab/frames/frame-tool.ts';
import {plainHeader} from '../../lab/frames/vnet-header.ts';
import {metadataAddress} from '../../lab/lab-network.ts';
import {type Lab} from '../../lab/open-lab.ts';
import {type Guest} from '../guest.ts';

/**
 * In the copy of a saved machine an agent waits for changes on a connection to the metadata server of another lab, and would find out
 * after half a minute or more. A segment out of its window makes the guest say where it stands (RFC 9293, 3.10.7.4), and this lab, which
 * knows of no such connection, then resets it: the agent asks anew. Where the connection is alive nothing comes of it.
 */
export const renewWaits = async (
	guest: Guest,
	{lab, deadline}: {readonly lab: Lab; readonly deadline: Deadline},
): Promise<void> => {
	const {enter, network, folder} = lab;
	const ports = metadataConnections((await guest.run('cat /proc/net/tcp /proc/net/tcp6 2>/dev/null', {deadline})).text);
	if (ports.length === 0) {
		return;
	}

	const {signal} = deadline;
	await using frames = await openFrameTool({enter, interface: network.interface, signal, directory: folder});
	const source = {mac: network.gatewayMac, address: metadataAddress, port: 80};
	await frames.inject(
		ports.map((port) => {
			const destination = {mac: network.mac, address: network.address, port};
			return {header: plainHeader, bytes: buildPacket({flow: {source, destination}, tcp: {sequence: 0}})};
		}),
		deadline,
	);
};

/**
 * The guest's ports of its established connections (state 1) to the metadata server, also by sockets for IPv6. Addresses are in the order
 * of bytes of this architecture (net/ipv4/tcp_ipv4.c, get_tcp4_sock; net/ipv6/tcp_ipv6.c, get_tcp6_sock).
 */
export const metadataConnections = (procNetTcp: string): readonly number[] =>
	procNetTcp
		.matchAll(/^\s*\d+: [\dA-F]+:(?<port>[\dA-F]{4}) (?:0{16}FFFF0000)?FEA9FEA9:0050 01 /gmv)
		.map(({groups}) => Number.parseInt(groups?.['port'] ?? '', 16))
		.toArray();

import {type LabNetwork} from './lab-network.ts';
import {type MetadataFault} from './metadata/metadata-faults.ts';
import {type MetadataData} from './metadata/metadata-data.ts';
import {type MetadataRequest} from './metadata/metadata-log.ts';

/** Why a lab ended, or could not begin. */
export type LabFailure = {
	readonly what: string;
	readonly hint?: string | undefined;
	/** This host does not let us have such a network: there may be a command that changes that. */
	readonly denied?: true;
};

/** From the run to the process inside the namespace: JSON, one message a line. The first one is `open`. */
export type ToLab =
	| {
			readonly type: 'open';
			readonly network: LabNetwork;
			/** Takes what dnsmasq says. */
			readonly dnsmasqLog: string;
			readonly metadata: MetadataData;
			readonly fault?: MetadataFault | undefined;
	  }
	| {readonly type: 'metadata'; readonly data: MetadataData};

/** From there to the run. */
export type FromLab =
	| {readonly type: 'up'}
	/** The guest was given an address. */
	| {readonly type: 'lease'}
	| {readonly type: 'request'; readonly request: MetadataRequest}
	| {readonly type: 'failed'; readonly failure: LabFailure};

/** What console-engine.ts prints. */
export type EngineRun = {
	readonly seconds: number;
	readonly bytes: number;
	readonly problems: number;
	readonly starts: number;
	readonly peakMiB: number;
};

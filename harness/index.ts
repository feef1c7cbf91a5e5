/** All that a scenario may import. */
export {equal, judgeEvidence} from './core/verdict.ts';
export type {Evidence, Judgement, Side, Verdict} from './core/verdict.ts';
export {type PortName, portNames} from './core/events.ts';
export type {Deadline} from './core/deadline.ts';
export {scenario} from './machine/scenario.ts';
export type {Machine, MachinePort, Scenario, ScenarioContext} from './machine/scenario.ts';
export type {CommandResult, Guest} from './machine/guest.ts';
export {type FileDump, matching, textOf} from './machine/file-dump.ts';
export type {GuestFacts} from './machine/guest-facts.ts';

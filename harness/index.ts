/** All that a scenario may import. */
export {equal, judgeEvidence} from './core/verdict.ts';
export type {Evidence, Judgement, Side, Verdict} from './core/verdict.ts';
export {type PortName, portNames} from './core/events.ts';
export type {Deadline} from './core/deadline.ts';
export {type RequirementId, kernelIds, sysctlIds} from './core/requirements/ids.ts';
export {judgeKernelOptions} from './policy/judge-kernel-options.ts';
export {judgeSysctls} from './policy/judge-sysctls.ts';
export type {KernelConfig} from './policy/kernel-config.ts';
export type {KernelContext} from './policy/kernel-rule.ts';
export {readKernelConfig} from './policy/read-kernel-config.ts';
export {isWholeGiB, sizeRule} from './image/pack/import-archive.ts';
export {scenario} from './machine/scenario.ts';
export type {ImageUnderTest, Machine, MachinePort, Scenario, ScenarioContext} from './machine/scenario.ts';
export type {CommandResult, Guest} from './machine/guest.ts';
export {type FileDump, matching, textOf} from './machine/file-dump.ts';
export type {ToolVisit} from './machine/toolbox/visit.ts';
export type {ToolName} from './image/toolbox.ts';
export type {GuestFacts} from './machine/guest-facts.ts';
export {askVirtioStatus, type VirtioStatus} from './machine/observe/virtio-status.ts';
export {devicesOfType, parseDeviceTree} from './machine/observe/device-tree.ts';
export {type HostPciFunction, parseQueryPci} from './machine/observe/host-pci.ts';
export {kernelFacts, kernelFiles} from './machine/observe/kernel-facts.ts';
export {netFiles, type NetInterface, netInterfaces} from './machine/observe/net-interfaces.ts';
export {hex, pciFiles, type PciFunction, pciFunctions, pciId, pciProcFiles} from './machine/observe/pci-functions.ts';
export {askDisk, type ScsiAnswers} from './machine/observe/scsi-answers.ts';
export {
	bootDisk,
	requestInterrupts,
	scsiAdapters,
	scsiFiles,
	type ScsiTarget,
	scsiTargets,
} from './machine/observe/scsi-targets.ts';
export {serialFiles, type SerialPort, serialPorts} from './machine/observe/serial-ports.ts';
export {virtioEvidence, virtioFiles, type VirtioIdentity} from './machine/observe/virtio-identity.ts';
export {parseBlockLimits, parseProvisioning} from './machine/observe/vpd-pages.ts';
export {sysctlFiles, sysctlObservation} from './machine/observe/sysctl-values.ts';
export {rootFiles, rootPlace} from './machine/observe/root-place.ts';
export {echoSerial, type SerialEcho} from './machine/observe/serial-echo.ts';
export {parseSerialUse, serialUseCommand, type SerialUse} from './machine/observe/serial-users.ts';
export {withHighTrigger} from './machine/observe/serial-trigger.ts';
export {compareEcho, describeEcho} from './machine/observe/compare-echo.ts';
export {pollPause} from './core/clock.ts';
export {hasPartialChecksum, transportChecksumState} from './lab/frames/checksum.ts';
export {needsChecksum} from './lab/frames/vnet-header.ts';
export {segmentFrame} from './lab/frames/segments.ts';
export {segmentProblems} from './lab/frames/check-segments.ts';
export {coalesce, type CoalesceOutcome} from './machine/offload/coalesce.ts';
export {droppedBroken} from './machine/offload/dropped-broken.ts';
export type {Features} from './machine/offload/ethtool-features.ts';
export {leftOn, negotiated} from './machine/offload/feature-evidence.ts';
export {growthOf} from './machine/offload/ip-counters.ts';
export {judgeByFrames} from './machine/offload/judge-by-frames.ts';
export {judgeByStream} from './machine/offload/judge-by-stream.ts';
export {showBeyondIpv4} from './machine/offload/beyond-ipv4.ts';
export {labAtHand} from './machine/offload/lab-at-hand.ts';
export {openOffloadSession, type OffloadSession} from './machine/offload/open-session.ts';
export {carried} from './machine/offload/transfer-evidence.ts';
export {type DataFrame, watched} from './machine/offload/watched.ts';
export {wallClockMs} from './core/clock.ts';
export {type Reachable, parseReachable, reachableCommand, reachabilityNotes} from './machine/observe/reachability.ts';
export {loginNote, tryLogin} from './machine/observe/ssh-login.ts';

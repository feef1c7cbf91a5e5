import {type Judgement} from '../../core/verdict.ts';
import {type MachineNetwork} from '../scenario.ts';

/** Why an offload cannot be seen without a lab: on its own network QEMU withdraws all of them (hw/net/virtio-net.c, virtio_net_get_features). */
export const withoutLab = ({why, hint = 'bootwright doctor'}: Extract<MachineNetwork, {kind: 'user'}>): Judgement => ({
	verdict: 'skip',
	reason: `needs the network lab: ${why}`,
	evidence: [],
	fix: hint,
});

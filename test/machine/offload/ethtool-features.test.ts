import test from 'ava';
import {
	bitArguments,
	describeFeature,
	parseFeatures,
	settingArguments,
	settingOf,
} from '../../../harness/machine/offload/ethtool-features.ts';
import {recorded} from './_recorded.ts';

const card = parseFeatures(recorded('virtio-net.features'));
const tap = parseFeatures(recorded('tap.features'));

test('groups and single bits, on and off, fixed or not', (t) => {
	t.is(card.size, 63);
	t.deepEqual(card.get('rx-checksumming'), {on: true, fixed: true});
	t.deepEqual(card.get('tcp-segmentation-offload'), {on: true, fixed: false});
	t.deepEqual(card.get('tx-tcp-mangleid-segmentation'), {on: false, fixed: false});
	t.deepEqual(card.get('tx-udp_tnl-segmentation'), {on: false, fixed: true});
	// The heading is no feature, and a wish is not what holds.
	t.false(card.has('Features'));
	t.deepEqual(tap.get('tx-tcp-segmentation'), {on: false, fixed: false});
	t.is(parseFeatures('').size, 0);
	t.is(parseFeatures('netlink error: No such device\nCannot get device flags: maybe').size, 0);
});

test('as a person reads it', (t) => {
	t.is(describeFeature(card, 'rx-gro-hw'), 'on [fixed]');
	t.is(describeFeature(card, 'generic-receive-offload'), 'on');
	t.is(describeFeature(tap, 'tx-checksumming'), 'off');
	t.is(describeFeature(card, 'teleportation'), undefined);
});

test('what brings a card back leaves fixed features alone', (t) => {
	t.is(settingArguments(settingOf(card)), 'tx on sg on tso on gso on gro on');
	t.is(settingArguments(settingOf(tap)), 'tx off sg on tso off gso on gro on');
	t.is(settingArguments(settingOf(new Map())), '');
	t.is(
		bitArguments(card),
		'tx-checksum-ip-generic on tx-scatter-gather on tx-tcp-segmentation on tx-tcp-mangleid-segmentation off tx-tcp6-segmentation on',
	);
	t.is(settingArguments({tso: false, gso: false}), 'tso off gso off');
});

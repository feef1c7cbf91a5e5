import test, {type ExecutionContext} from 'ava';
import {qemuArguments} from '../../harness/profile/arguments.ts';
import {loadProfile} from '../../harness/profile/load.ts';
import type {QemuRun} from '../../harness/profile/run.ts';

const run: QemuRun = {
	accelerator: 'tcg',
	runDirectory: '/runs/1',
	firmwareLog: '/runs/1/firmware.log',
	candidate: {path: '/images/image.raw'},
	overlay: {path: '/runs/1/overlay.qcow2'},
	network: {type: 'user'},
};

/** One option and its value a line, as a person would read the command. */
const lines = (args: readonly string[]): readonly string[] =>
	args
		.join('\n')
		.replaceAll(/\n(?!-)/gu, ' ')
		.split('\n');

const argumentsOf = async (changes: Partial<QemuRun> = {}, overrides: unknown = {}): Promise<readonly string[]> =>
	lines(qemuArguments(await loadProfile('gce', {overrides}), {...run, ...changes}));

/** What a change adds to the plain run and takes from it: everything else must stay as it is. */
const difference = async (changes: Partial<QemuRun>, overrides: unknown = {}) => {
	const [plain, changed] = await Promise.all([argumentsOf(), argumentsOf(changes, overrides)]);
	return {
		less: plain.filter((line) => !changed.includes(line)),
		more: changed.filter((line) => !plain.includes(line)),
	};
};

test('gce, an image, emulated, with a network of its own', async (t) => {
	t.snapshot((await argumentsOf()).join('\n'));
});

test('UEFI: two flash chips, and nothing else is another', async (t) => {
	const [bios, uefi] = await Promise.all([loadProfile('gce'), loadProfile('gce-uefi')]);
	const [plain, changed] = [bios, uefi].map((profile) => lines(qemuArguments(profile, run)));
	const machine = plain?.find((line) => line.startsWith('-machine '));
	t.deepEqual(
		plain?.filter((line) => !changed?.includes(line)),
		[machine],
	);
	t.deepEqual(
		changed?.filter((line) => !plain?.includes(line)),
		[
			`${machine},pflash0=uefi-code,pflash1=uefi-variables`,
			'-blockdev driver=file,node-name=uefi-code,filename=/usr/share/OVMF/OVMF_CODE_4M.fd,read-only=on,auto-read-only=off',
			'-blockdev driver=file,node-name=uefi-variables,filename=uefi-variables.fd',
		],
	);
	const {serialConsole, strictBoot} = uefi.firmware;
	t.deepEqual({...uefi, name: bios.name, title: bios.title, firmware: {serialConsole, strictBoot}}, bios);
});

test('KVM', async (t) => {
	t.deepEqual(await difference({accelerator: 'kvm'}), {
		less: ['-accel tcg,thread=multi,tb-size=512', '-cpu max,family=16,model=2,erms=off,fsrm=off,la57=off'],
		more: ['-accel kvm', '-cpu host'],
	});
});

test('a tap', async (t) => {
	t.deepEqual(await difference({network: {type: 'tap', interface: 'bw0', vnetHdr: true}}), {
		less: [
			'-netdev user,id=net0,restrict=on,ipv6=off,net=10.128.0.0/24,host=10.128.0.1,dhcpstart=10.128.0.2,dns=10.128.0.253',
		],
		more: ['-netdev tap,id=net0,ifname=bw0,script=no,downscript=no,vnet_hdr=on'],
	});
});

test('a kernel from outside; paths inside the run are relative, commas in paths and kernel options survive', async (t) => {
	const kernel = {path: '/boot/vm,linuz', initrd: '/runs/1/initrd.img', append: 'console=ttyS0,38400 quiet'};
	t.deepEqual(await difference({kernel}), {
		less: [],
		more: ['-kernel /boot/vm,linuz', '-initrd initrd.img', '-append console=ttyS0,38400 quiet'],
	});
	t.deepEqual(await difference({candidate: {path: '/images/a,b=c.raw'}}), {
		less: ['-blockdev driver=file,node-name=candidate-file,filename=/images/image.raw,read-only=on,auto-read-only=off'],
		more: [
			'-blockdev driver=file,node-name=candidate-file,filename=/images/a,,b=c.raw,read-only=on,auto-read-only=off',
		],
	});
});

test('a machine without a boot disk', async (t) => {
	const {less, more} = await difference({candidate: undefined, overlay: undefined});
	t.deepEqual(more, []);
	t.deepEqual(
		less.map((line) => line.split(',').slice(0, 2).join(',')),
		[
			'-blockdev driver=file,node-name=candidate-file',
			'-blockdev driver=raw,node-name=candidate',
			'-blockdev driver=file,node-name=overlay-file',
			'-blockdev driver=qcow2,node-name=disk0',
			'-device scsi-hd,id=disk0',
		],
	);
});

test('disks of the run and of the profile', async (t) => {
	const path = '/runs/1/tools.tar';
	const scsi = 'vendor=Google,product=PersistentDisk,ver=1,scsi_version=6';
	const blocks = 'logical_block_size=512,physical_block_size=4096,write-cache=on,dpofua=off';
	t.deepEqual(
		await difference(
			{extraDisks: [{id: 'tools', path, scsiId: 5, format: 'raw', readOnly: true}]},
			{
				extraDisks: {
					cd: {kind: 'cdrom', scsiId: 3, sizeMiB: 1},
					data: {kind: 'disk', scsiId: 2, sizeMiB: 64},
				},
			},
		),
		{
			less: [],
			more: [
				'-blockdev driver=null-co,node-name=cd,size=1048576,read-zeroes=on,read-only=on',
				`-device scsi-cd,id=cd,bus=scsi0.0,drive=cd,scsi-id=3,${scsi}`,
				'-blockdev driver=null-co,node-name=data,size=67108864,read-zeroes=on,read-only=off',
				`-device scsi-hd,id=data,bus=scsi0.0,drive=data,scsi-id=2,${scsi},device_id=data,${blocks}`,
				'-blockdev driver=file,node-name=tools-file,filename=tools.tar,read-only=on,auto-read-only=off',
				'-blockdev driver=raw,node-name=tools,file=tools-file,read-only=on,cache.no-flush=on',
				`-device scsi-hd,id=tools,bus=scsi0.0,drive=tools,scsi-id=5,${scsi},device_id=tools,${blocks}`,
			],
		},
	);
});

test('processors and memory of the run go before those of the profile', async (t) => {
	t.deepEqual(await difference({vcpus: 1, memoryMiB: 512}, {vcpus: 8, memoryMiB: 4096}), {
		less: ['-smp 2', '-m 2048'],
		more: ['-smp 1', '-m 512'],
	});
	t.deepEqual(await difference({}, {vcpus: 8, memoryMiB: 4096}), {
		less: ['-smp 2', '-m 2048'],
		more: ['-smp 8', '-m 4096'],
	});
});

/** One key of the profile, and what it does to the command line. */
const oneKey = async (
	t: ExecutionContext,
	{overrides, less, more}: {overrides: unknown; less: readonly string[]; more: readonly string[]},
) => {
	// The words of each option that changed, without those that did not.
	const {less: before, more: after} = await difference({}, overrides);
	const words = (all: readonly string[], others: readonly string[]): readonly string[] =>
		all.flatMap((line) => line.split(',')).filter((word) => others.every((other) => !other.split(',').includes(word)));
	t.deepEqual(words(before, after), less);
	t.deepEqual(words(after, before), more);
};

oneKey.title = (name: string | undefined) => `one key: ${name}`;

test('queues', oneKey, {overrides: {disk: {numQueues: 4}}, less: ['num_queues=1'], more: ['num_queues=4']});
test('hotplug', oneKey, {overrides: {disk: {hotplug: false}}, less: ['hotplug=on'], more: ['hotplug=off']});
test('no provisioning page', oneKey, {
	overrides: {disk: {discardGranularity: 0}},
	less: [],
	more: ['discard_granularity=0'],
});
test('modern SCSI', oneKey, {
	overrides: {disk: {legacy: false}},
	less: ['disable-modern=on'],
	more: ['disable-modern=off'],
});
test('modern RNG', oneKey, {
	overrides: {rng: {legacy: false}},
	less: ['disable-modern=on'],
	more: ['disable-modern=off'],
});
test('an offload taken away', oneKey, {
	overrides: {network: {features: {csum: false, host_tso4: false}}},
	less: [],
	more: ['csum=off', 'host_tso4=off'],
});
test('PIIX3', oneKey, {
	overrides: {machine: {southBridge: 'piix3'}},
	less: ['x-south-bridge=piix4-isa'],
	more: [],
});
test('a silent firmware that tries every disk', oneKey, {
	overrides: {firmware: {serialConsole: false, strictBoot: false}},
	less: ['graphics=off', '-boot strict=on'],
	more: ['graphics=on', '-boot strict=off'],
});
test('another address, and with it another MAC', oneKey, {
	overrides: {network: {address: '10.128.0.77'}},
	less: ['dhcpstart=10.128.0.2', 'mac=42:01:0a:80:00:02'],
	more: ['dhcpstart=10.128.0.77', 'mac=42:01:0a:80:00:4d'],
});
test('an IRQ', oneKey, {overrides: {uarts: {ttyS2: {irq: 5}}}, less: ['irq=6'], more: ['irq=5']});

test('a port that the profile lacks gets neither socket nor UART', async (t) => {
	t.deepEqual(await difference({}, {uarts: {ttyS1: null}}), {
		less: [
			'-chardev socket,id=ttyS1,path=ttyS1.sock,server=on,wait=off',
			'-device isa-serial,id=uart-ttyS1,chardev=ttyS1,index=1,iobase=0x2f8,irq=3',
		],
		more: [],
	});
});

test('a floppy controller that shows needs no table', async (t) => {
	const {less, more} = await difference({}, {machine: {floppy: 'visible'}});
	t.deepEqual(more, []);
	t.deepEqual(
		less.map((line) => line.split(' ', 1)[0]),
		['-acpitable'],
	);
});

test('from SMBIOS 2.6 on the UUID is given as it is', async (t) => {
	t.deepEqual(await difference({}, {smbios: {version: '2.8'}}), {
		less: ['-uuid 841c6a2f-5d3b-974e-a0c8-51d7e9b2f643'],
		more: ['-uuid 2f6a1c84-3b5d-4e97-a0c8-51d7e9b2f643'],
	});
});

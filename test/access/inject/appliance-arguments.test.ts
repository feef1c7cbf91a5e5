import test from 'ava';
import {applianceArguments} from '../../../harness/access/inject/appliance-arguments.ts';

test('the appliance: image read-only and raw, overlay above it, nothing probed, nothing it could start or reach', (t) => {
	const args = applianceArguments({
		accelerator: 'tcg',
		kernel: '/c/vmlinuz',
		initrd: '/r/initrd.img',
		append: 'console=ttyS0 quiet',
		disks: [{candidate: {path: '/a,b.raw'}, overlay: {path: '/r/o.qcow2'}}],
	});
	t.deepEqual(args.join(' ').split(' -'), [
		'-S',
		'nodefaults',
		'no-user-config',
		'no-reboot',
		'display none',
		'name guest=bootwright-appliance,process=bootwright-appl',
		'sandbox on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny',
		'machine pc,hpet=off,vmport=off,usb=off',
		'accel tcg,tb-size=256',
		'cpu max,family=16,model=2,erms=off,fsrm=off,la57=off',
		'smp 1',
		'm 512',
		'chardev socket,id=qmp,path=qmp.sock,server=on,wait=off',
		'mon chardev=qmp,mode=control',
		'chardev socket,id=ttyS0,path=ttyS0.sock,server=on,wait=off',
		'device isa-serial,chardev=ttyS0,index=0',
		'kernel /c/vmlinuz',
		'initrd /r/initrd.img',
		'append console=ttyS0 quiet',
		'blockdev driver=file,node-name=candidate0-file,filename=/a,,b.raw,read-only=on,auto-read-only=off',
		'blockdev driver=raw,node-name=candidate0,file=candidate0-file,read-only=on',
		'blockdev driver=file,node-name=overlay0-file,filename=/r/o.qcow2',
		'blockdev driver=qcow2,node-name=overlay0,file=overlay0-file,backing=candidate0,cache.no-flush=on',
		'device virtio-blk-pci,drive=overlay0',
	]);
});

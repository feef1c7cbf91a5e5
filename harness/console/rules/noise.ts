/** Lines that a rule matches and that are nobody's fault. */
export const noise: ReadonlyArray<{readonly pattern: RegExp; readonly why: string}> = [
	{
		pattern: /(?:error, dev|on dev) fd\d+,/,
		why: 'QEMU always has a floppy controller and the cloud has none: the driver finds no disk in it (isa-fdc, hw/block/fdc-isa.c)',
	},
];

import {type Architecture} from './build/architecture.ts';

/**
 * A program for a guest that was stopped and goes on as a copy: `wake SECONDS` sets its clock (UTC, since 1970) and has its kernel make
 * new keys for random numbers at once, of what was written to /dev/urandom before (RNDRESEEDCRNG, drivers/char/random.c, since 4.14).
 * Its status is 0 where both was done. Some hundred bytes without a library: under emulation every instruction that runs for the first
 * time costs more than a thousand that ran before, and no shell can do the second.
 */
export const wakeProgram = (architecture: Architecture): Buffer => {
	const text = Buffer.from(codes[architecture].map(([bytes]) => bytes).join(''), 'hex');
	return Buffer.concat([headerOf(layouts[architecture], text.length), text]);
};

type Code = ReadonlyArray<readonly [bytes: string, assembly: string]>;

/** "/dev/urandom" */
const device = Buffer.from('/dev/urandom\0').toString('hex');

/** GNU as. Calls: clock_settime, open, ioctl, exit (arch/x86/entry/syscalls/syscall_64.tbl). */
const amd64: Code = [
	['488b742410', 'movq 16(%rsp),%rsi       # argv[1]'],
	['31ff', 'xorl %edi,%edi'],
	['0fb606', 'next: movzbl (%rsi),%eax'],
	['2c30', "subb $'0',%al"],
	['3c09', 'cmpb $9,%al'],
	['770c', 'ja set'],
	['486bff0a', 'imulq $10,%rdi,%rdi'],
	['4801c7', 'addq %rax,%rdi'],
	['48ffc6', 'incq %rsi'],
	['ebeb', 'jmp next'],
	['6a00', 'set: pushq $0             # struct timespec'],
	['57', 'pushq %rdi'],
	['4889e6', 'movq %rsp,%rsi'],
	['31ff', 'xorl %edi,%edi            # CLOCK_REALTIME'],
	['b8e3000000', 'movl $227,%eax'],
	['0f05', 'syscall'],
	['89c3', 'movl %eax,%ebx'],
	['488d3d26000000', 'leaq device(%rip),%rdi'],
	['31f6', 'xorl %esi,%esi            # O_RDONLY'],
	['b802000000', 'movl $2,%eax'],
	['0f05', 'syscall'],
	['89c7', 'movl %eax,%edi'],
	['be07520000', 'movl $0x5207,%esi         # RNDRESEEDCRNG'],
	['b810000000', 'movl $16,%eax'],
	['0f05', 'syscall'],
	['31ff', 'xorl %edi,%edi'],
	['09d8', 'orl %ebx,%eax'],
	['400f95c7', 'setne %dil'],
	['b83c000000', 'movl $60,%eax'],
	['0f05', 'syscall'],
	[device, 'device: .asciz "/dev/urandom"'],
];

/** The same by arch/x86/entry/syscalls/syscall_32.tbl. */
const i386: Code = [
	['8b742408', 'movl 8(%esp),%esi'],
	['31ff', 'xorl %edi,%edi'],
	['0fb606', 'next: movzbl (%esi),%eax'],
	['2c30', "subb $'0',%al"],
	['3c09', 'cmpb $9,%al'],
	['7708', 'ja set'],
	['6bff0a', 'imull $10,%edi,%edi'],
	['01c7', 'addl %eax,%edi'],
	['46', 'incl %esi'],
	['ebef', 'jmp next'],
	['6a00', 'set: pushl $0'],
	['57', 'pushl %edi'],
	['89e1', 'movl %esp,%ecx'],
	['31db', 'xorl %ebx,%ebx'],
	['b808010000', 'movl $264,%eax'],
	['cd80', 'int $0x80'],
	['89c6', 'movl %eax,%esi'],
	['e80d000000', 'call after'],
	[device, 'device: .asciz "/dev/urandom"'],
	['5b', 'after: popl %ebx'],
	['31c9', 'xorl %ecx,%ecx'],
	['b805000000', 'movl $5,%eax'],
	['cd80', 'int $0x80'],
	['89c3', 'movl %eax,%ebx'],
	['b907520000', 'movl $0x5207,%ecx'],
	['b836000000', 'movl $54,%eax'],
	['cd80', 'int $0x80'],
	['31db', 'xorl %ebx,%ebx'],
	['09f0', 'orl %esi,%eax'],
	['0f95c3', 'setne %bl'],
	['b801000000', 'movl $1,%eax'],
	['cd80', 'int $0x80'],
];

/** Where the file lies in memory: where programs lie that are linked without a word about it. */
const address = 0x40_00_00;
const executable = 2;
const loaded = 1;
const readAndRun = 5;
const pageBytes = 4096;

/** A header as its fields, by their offsets: those of two bytes, and the low four of those that hold a word or an address; the rest is zero. */
type Layout = {
	readonly bytes: number;
	/** ELFCLASS32 or ELFCLASS64. */
	readonly elfClass: 1 | 2;
	readonly halves: Readonly<Record<number, number>>;
	readonly words: Readonly<Record<number, number>>;
	/** Of the file's own length, in it and in memory. */
	readonly lengthsAt: readonly number[];
};

/** ELF header and one program header, for a file that is loaded whole (System V ABI, chapters 4 and 5). */
const layouts = {
	amd64: {
		bytes: 64 + 56,
		elfClass: 2,
		halves: {16: executable, 18: 62, 52: 64, 54: 56, 56: 1},
		words: {20: 1, 24: address + 64 + 56, 32: 64, 64: loaded, 68: readAndRun, 80: address, 88: address, 112: pageBytes},
		lengthsAt: [96, 104],
	},
	i386: {
		bytes: 52 + 32,
		elfClass: 1,
		halves: {16: executable, 18: 3, 40: 52, 42: 32, 44: 1},
		words: {20: 1, 24: address + 52 + 32, 28: 52, 52: loaded, 60: address, 64: address, 76: readAndRun, 80: pageBytes},
		lengthsAt: [68, 72],
	},
} as const satisfies Record<Architecture, Layout>;

const codes = {amd64, i386} as const satisfies Record<Architecture, Code>;

/** @param codeBytes that follow */
const headerOf = ({bytes, elfClass, halves, words, lengthsAt}: Layout, codeBytes: number): Buffer => {
	const header = Buffer.alloc(bytes);
	// Little-endian, version 1.
	header.set([0x7f, 0x45, 0x4c, 0x46, elfClass, 1, 1]);
	for (const [offset, value] of Object.entries(halves)) {
		header.writeUInt16LE(value, Number(offset));
	}

	for (const [offset, value] of Object.entries(words)) {
		header.writeUInt32LE(value, Number(offset));
	}

	for (const offset of lengthsAt) {
		header.writeUInt32LE(bytes + codeBytes, offset);
	}

	return header;
};

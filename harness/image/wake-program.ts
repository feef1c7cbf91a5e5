import {type Architecture} from './build/architecture.ts';

/**
 * A program for a guest that was stopped and goes on as a copy: `wake SECONDS` sets its clock (UTC, since 1970) and has its kernel make
 * new keys for random numbers at once, of what was written to /dev/urandom before (RNDRESEEDCRNG, drivers/char/random.c, since 4.14).
 * Its status is 0 where both was done. Some hundred bytes without a library: under emulation every instruction that runs for the first
 * time costs more than a thousand that ran before, and no shell can do the second.
 */
export const wakeProgram = (architecture: Architecture): Buffer => {
	const {elf, code} = programs[architecture];
	const text = Buffer.from(code.map(([bytes]) => bytes).join(''), 'hex');
	return Buffer.concat([elf(text.length), text]);
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

/** ELF header and one program header, for a file that is loaded whole (System V ABI, chapters 4 and 5). @param codeBytes that follow */
const elf64 = (codeBytes: number): Buffer => {
	const header = Buffer.alloc(64 + 56);
	header.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
	header.writeUInt16LE(executable, 16);
	header.writeUInt16LE(62, 18);
	header.writeUInt32LE(1, 20);
	header.writeUInt32LE(address + header.length, 24);
	header.writeUInt32LE(64, 32);
	header.writeUInt16LE(64, 52);
	header.writeUInt16LE(56, 54);
	header.writeUInt16LE(1, 56);
	header.writeUInt32LE(loaded, 64);
	header.writeUInt32LE(readAndRun, 68);
	header.writeUInt32LE(address, 80);
	header.writeUInt32LE(address, 88);
	header.writeUInt32LE(header.length + codeBytes, 96);
	header.writeUInt32LE(header.length + codeBytes, 104);
	header.writeUInt32LE(pageBytes, 112);
	return header;
};

const elf32 = (codeBytes: number): Buffer => {
	const header = Buffer.alloc(52 + 32);
	header.set([0x7f, 0x45, 0x4c, 0x46, 1, 1, 1]);
	header.writeUInt16LE(executable, 16);
	header.writeUInt16LE(3, 18);
	header.writeUInt32LE(1, 20);
	header.writeUInt32LE(address + header.length, 24);
	header.writeUInt32LE(52, 28);
	header.writeUInt16LE(52, 40);
	header.writeUInt16LE(32, 42);
	header.writeUInt16LE(1, 44);
	header.writeUInt32LE(loaded, 52);
	header.writeUInt32LE(address, 60);
	header.writeUInt32LE(address, 64);
	header.writeUInt32LE(header.length + codeBytes, 68);
	header.writeUInt32LE(header.length + codeBytes, 72);
	header.writeUInt32LE(readAndRun, 76);
	header.writeUInt32LE(pageBytes, 80);
	return header;
};

const programs = {amd64: {elf: elf64, code: amd64}, i386: {elf: elf32, code: i386}} as const satisfies Record<
	Architecture,
	unknown
>;

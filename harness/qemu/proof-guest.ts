/** Where the guest answers, and what: nothing but its own code in 64-bit mode writes this byte to this port. */
export const answerPort = 0xf4;
const answer = 0x2a;

/** QEMU's exit code for that answer (hw/misc/debugexit.c: twice the byte, plus one). */
export const answeredExitCode = answer * 2 + 1;

/**
 * The smallest guest that shows what a kernel's first steps need, as a firmware image of 64 KiB: it builds page tables,
 * enters long mode, faults on an unmapped page, finds the right address in its own handler, and answers through a port.
 * Where KVM only seems to work (it exists, but the processor has no virtualization), firmware runs and this does not.
 */
export const proofGuest = (): Buffer => {
	// Everything else is hlt.
	const rom = Buffer.alloc(0x1_00_00, 0xf4);
	Buffer.from(code.map(([bytes]) => bytes).join(''), 'hex').copy(rom, 0);
	// The reset vector, 16 bytes below the end (Intel SDM volume 3, 10.1.4): ljmp $0xf000,$0
	Buffer.from('ea000000f0', 'hex').copy(rom, 0xff_f0);
	return rom;
};

/** The image is seen at 0xf0000. GNU as; bits 0 and 1 of a table entry: present, writable; bit 7: a page of 2 MiB. */
const code: ReadonlyArray<readonly [bytes: string, assembly: string]> = [
	// 16-bit
	['fa', 'entry: cli'],
	['31c0', 'xorw %ax,%ax'],
	['8ed8', 'movw %ax,%ds'],
	['66c706001003200000', 'movl $0x2003,0x1000   # PML4[0] → 0x2000'],
	['66c706002003300000', 'movl $0x3003,0x2000   # PDPT[0] → 0x3000'],
	['66c706003083000000', 'movl $0x83,0x3000     # PD[0]: the first 2 MiB, as they are'],
	['66b820000000', 'movl $0x20,%eax'],
	['0f22e0', 'movl %eax,%cr4        # PAE'],
	['66b800100000', 'movl $0x1000,%eax'],
	['0f22d8', 'movl %eax,%cr3'],
	['66b9800000c0', 'movl $0xc0000080,%ecx # EFER'],
	['0f32', 'rdmsr'],
	['80cc01', 'orb $1,%ah            # LME'],
	['0f30', 'wrmsr'],
	['2e660f0116b000', 'lgdtl %cs:gdtr'],
	['2e660f011eb600', 'lidtl %cs:idtr'],
	['66b811000080', 'movl $0x80000011,%eax'],
	['0f22c0', 'movl %eax,%cr0        # PG, ET, PE'],
	['66ea5e000f000800', 'ljmpl $8,$(0xf0000+long)'],
	// 64-bit
	['bc00800000', 'long: movl $0x8000,%esp'],
	['bb00004000', 'movl $0x400000,%ebx'],
	['8903', 'movl %eax,(%rbx)      # PD[2] is empty: page fault'],
	['f4', 'stop: hlt'],
	['ebfd', 'jmp stop'],
	['0f20d0', 'fault: movq %cr2,%rax'],
	['4839d8', 'cmpq %rbx,%rax'],
	['75f5', 'jne stop'],
	['48b8000000002a000000', 'movabsq $0x2a00000000,%rax'],
	['48c1e820', 'shrq $32,%rax         # there is such a register'],
	['baf4000000', 'movl $0xf4,%edx'],
	['ee', 'outb %al,%dx'],
	['ebdf', 'jmp stop'],
	['0f1f440000', '.balign 8'],
	['0000000000000000', 'gdt: .quad 0'],
	['00000000009b2000', '.quad 0x00209b0000000000 # selector 8: 64-bit code'],
	['6d000800008e0f000000000000000000', 'gate: .word fault, 8, 0x8e00, 0xf; .quad 0'],
	['0f0090000f00', 'gdtr: .word 15; .long 0xf0000+gdt'],
	['ef00c0ff0e00', 'idtr: .word 15*16-1; .long 0xf0000+gate-14*16 # gate 14: page fault'],
];

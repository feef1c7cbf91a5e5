/**
 * The processor without KVM: all that QEMU emulates, but for what makes it slow. `max` calls itself an Athlon (family 6), several of
 * which a 32-bit kernel warns of (arch/x86/kernel/cpu/amd.c, init_amd_k7). With `erms` and `fsrm` kernel and libc copy and clear memory by
 * single bytes (`rep movsb`), each of which is a step of its own here: two to four times the time of `rep movsq`. `la57` makes each walk of the
 * page tables a fifth longer.
 */
export const emulatedProcessor = 'max,family=16,model=2,erms=off,fsrm=off,la57=off';

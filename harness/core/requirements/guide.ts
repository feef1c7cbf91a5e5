/** The guide that all requirements come from, and its section. */
export const guide = (section: string): string => `Compute Engine guide "Build custom operating systems", ${section}`;

export const hardwareSection = guide('hardware support requirements');
export const kernelSection = guide('required Linux kernel build options');
export const securitySection = guide('kernel build options for security');
export const sysctlSection = guide('security sysctls');

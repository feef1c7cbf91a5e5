/** Order of names in whatever must come out the same everywhere: no locale has a say in it. */
export const inByteOrder = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

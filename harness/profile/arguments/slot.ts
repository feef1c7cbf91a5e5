import type {PciFunction} from '../schema.ts';

/** 00:03.0 → "0x3": the device number, as `addr=` takes it. */
export const slotNumber = ({slot}: PciFunction): string => `0x${Number.parseInt(slot.slice(3, 5), 16).toString(16)}`;

import {type Accelerator} from '../qemu/accelerator.ts';

/** What every deadline is multiplied by: TCG runs a guest 2.5 to 5.8 times slower than KVM, mostly near the lower end. */
export const timeoutScales = {kvm: 1, tcg: 3} as const satisfies Record<Accelerator['accelerator'], number>;

/** The whole run of one image, unscaled; `--timeout` of the command line. */
export const defaultTimeoutMs = 600_000;

/** One scenario, unscaled: none of them moves more than a few hundred KiB. */
export const scenarioMs = 60_000;

/** Adding a shell to the overlay: an appliance that boots in a few seconds. */
export const injectMs = 60_000;

/** The rest of the image's start, after a way in is open. */
export const settleMs = 60_000;

/** How long a guest may take to see a disk come or go: it takes tens of milliseconds, and a scenario waits for four of these at most. */
export const plugMs = 5000;

import {type GuestFailure} from '../core/errors.ts';
import {type ConsoleProblem} from '../core/events.ts';
import {failureTexts} from '../core/guest-failures.ts';

type Explanation = {readonly failure: GuestFailure; readonly words: string};

/** Which way of dying a fatal console problem is evidence of; kinds are those of harness/console's rules. */
export const failureOf = ({kind}: Pick<ConsoleProblem, 'kind'>): Explanation =>
	explanations[kind] ?? {failure: 'panic', words: 'The guest died'};

const explanations: Readonly<Record<string, Explanation | undefined>> = {
	panic: {failure: 'panic', words: 'The kernel panicked'},
	'root-mount': {failure: 'panic', words: 'The kernel could not mount its root file system'},
	'emergency-shell': {failure: 'emergency', words: 'The init system stopped in emergency mode'},
	'initramfs-prompt': {failure: 'initramfs', words: 'The boot stopped in the initramfs'},
	'bootloader-prompt': {failure: 'boot-loader', words: 'The boot loader stopped at its prompt'},
	'bootloader-error': {failure: 'boot-loader', words: 'The boot loader gave up'},
	'init-frozen': {failure: 'panic', words: 'The first process of user space died'},
	'no-bootable-device': {failure: 'no-boot-sector', words: 'The firmware found nothing to boot'},
};

/** What a person can try first, by way of dying. */
export const hintOf = (failure: GuestFailure): string => failureTexts[failure].fix;

import {HostError} from '../../core/errors.ts';

/** A saved machine whose files are not what was saved: no copy of it is to be believed. */
export class DamagedMachine extends HostError {}

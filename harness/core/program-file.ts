import path from 'node:path';

declare global {
	// eslint-disable-next-line @typescript-eslint/consistent-type-definitions -- only an interface can be added to
	interface ImportMeta {
		/** The folder of the compiled program (harness/program); undefined where the sources run. */
		readonly compiledInto?: string;
	}
}

const compiledInto = import.meta.compiledInto;

/** The file that another process of this program starts with. @param name of the module, from harness/ and without its ending */
export const programFile = (name: 'lab/lab-host'): string =>
	compiledInto === undefined
		? path.resolve(import.meta.dirname, '..', `${name}.ts`)
		: path.join(compiledInto, `${name}.js`);

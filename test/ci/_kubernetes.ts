import path from 'node:path';
import {type IJob, Job} from 'kubernetes-models/batch/v1/Job';
import ts from 'typescript';

/**
 * What Kubernetes has against a Job, by the OpenAPI of its release (1.36, as the package's change log says): types, required fields and words by the
 * validator made of it. That schema takes any further field, and the API server drops it; so the type made of it is asked, too.
 */
export const jobErrors = (document: unknown): readonly string[] => {
	const errors = byValidator(document);
	return errors.length > 0 ? errors : byType(document);
};

const byValidator = (document: unknown): readonly string[] => {
	try {
		new Job(document as IJob).validate();
		return [];
	} catch (error) {
		return [(error as Error).message];
	}
};

/** TypeScript refuses what a type does not have in an object that is written out. */
const byType = (document: unknown): readonly string[] => {
	const text = `import {type IJob} from 'kubernetes-models/batch/v1/Job';\nexport const job: IJob = ${JSON.stringify(document)};\n`;
	const written = ts.createSourceFile(file, text, ts.ScriptTarget.ESNext);
	const program = ts.createProgram([file], options, {
		...host,
		fileExists: (name) => name === file || host.fileExists(name),
		getSourceFile: (name, ...rest) => (name === file ? written : parsed(name, ...rest)),
	});
	return ts.getPreEmitDiagnostics(program).map(({messageText}) => ts.flattenDiagnosticMessageText(messageText, '\n'));
};

const file = path.join(import.meta.dirname, 'written-job.ts');
const options: ts.CompilerOptions = {
	module: ts.ModuleKind.NodeNext,
	moduleResolution: ts.ModuleResolutionKind.NodeNext,
	target: ts.ScriptTarget.ESNext,
	lib: ['lib.es2022.d.ts'],
	types: [],
	strict: true,
	noEmit: true,
	skipLibCheck: true,
};
const host = ts.createCompilerHost(options);
const sources = new Map<string, ts.SourceFile | undefined>();

/** The types of Kubernetes are parsed once. */
const parsed: ts.CompilerHost['getSourceFile'] = (name, ...rest) => {
	if (!sources.has(name)) {
		sources.set(name, host.getSourceFile(name, ...rest));
	}

	return sources.get(name);
};

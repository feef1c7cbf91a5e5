import path from 'node:path';
import {Deployment, type IDeployment} from 'kubernetes-models/apps/v1/Deployment';
import {type IJob, Job} from 'kubernetes-models/batch/v1/Job';
import ts from 'typescript';

/**
 * What Kubernetes has against a Job or a Deployment, by the OpenAPI of its release (1.36, as the package's change log says): types, required fields and words by the
 * validator made of it. That schema takes any further field, and the API server drops it; so the type made of it is asked, too.
 */
export const jobErrors = (document: unknown): readonly string[] => errorsOf(document, 'Job');
export const deploymentErrors = (document: unknown): readonly string[] => errorsOf(document, 'Deployment');

const kinds = {
	Job: {
		validate: (document: unknown) => new Job(document as IJob).validate(),
		from: 'kubernetes-models/batch/v1/Job',
	},
	Deployment: {
		validate: (document: unknown) => new Deployment(document as IDeployment).validate(),
		from: 'kubernetes-models/apps/v1/Deployment',
	},
} as const;
type Kind = keyof typeof kinds;

const errorsOf = (document: unknown, kind: Kind): readonly string[] => {
	const errors = byValidator(document, kind);
	return errors.length > 0 ? errors : byType(document, kind);
};

const byValidator = (document: unknown, kind: Kind): readonly string[] => {
	try {
		kinds[kind].validate(document);
		return [];
	} catch (error) {
		return [(error as Error).message];
	}
};

/** TypeScript refuses what a type does not have in an object that is written out. */
const byType = (document: unknown, kind: Kind): readonly string[] => {
	const text = `import {type I${kind}} from '${kinds[kind].from}';\nexport const written: I${kind} = ${JSON.stringify(document)};\n`;
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

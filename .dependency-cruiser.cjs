/** Import direction of the harness (docs/architecture.md): a folder may import the folders to its right, never the reverse. */
const order = [
	['commands'],
	['matrix'],
	['runner'],
	['history'],
	['machine', 'access', 'report'],
	['qemu', 'console', 'lab', 'image', 'profile', 'policy', 'setup', 'program'],
	['core'],
];

const directions = order.flatMap((folders, rank) =>
	folders.map((folder) => ({
		name: `direction-${folder}`,
		comment: `harness/${folder} may not import what stands left of it`,
		severity: 'error',
		from: {path: `^harness/${folder}/`},
		to: {
			path: `^harness/(cli[.]ts|index[.]ts|${
				order
					.slice(0, rank)
					.flat()
					.map((name) => `${name}/`)
					.join('|') || 'cli[.]ts'
			})`,
		},
	})),
);

module.exports = {
	forbidden: [
		...directions,
		{
			name: 'no-circular',
			severity: 'error',
			from: {},
			to: {circular: true, viaOnly: {dependencyTypesNot: ['type-only']}},
		},
		{
			name: 'report-and-machine-apart',
			comment: 'they meet only in the event type',
			severity: 'error',
			from: {path: '^harness/report/'},
			to: {path: '^harness/(machine|access|qemu|console)/'},
		},
		{
			name: 'core-imports-nothing-of-ours',
			severity: 'error',
			from: {path: '^harness/core/'},
			to: {path: '^(harness/(?!core/)|scenarios/)'},
		},
		{
			name: 'scenarios-import-the-index-alone',
			severity: 'error',
			from: {path: '^(scenarios|examples)/'},
			to: {path: '^harness/', pathNot: '^harness/index[.]ts$'},
		},
		{
			name: 'product-never-imports-tests',
			severity: 'error',
			from: {path: '^(harness|scenarios|examples)/'},
			to: {path: '^test/'},
		},
		{
			name: 'dead-file',
			comment: 'reachable from no entry point and no test',
			severity: 'error',
			from: {orphan: true, pathNot: ['[.]d[.]ts$', '^harness/(cli|index)[.]ts$', '^harness/bootwright[.]js$']},
			to: {},
		},
		{
			name: 'not-to-unlisted',
			severity: 'error',
			from: {},
			to: {dependencyTypes: ['npm-no-pkg', 'npm-unknown', 'unknown']},
		},
		{
			name: 'product-not-to-dev',
			severity: 'error',
			from: {path: '^(harness|scenarios|examples)/'},
			to: {dependencyTypes: ['npm-dev']},
		},
	],
	options: {
		doNotFollow: {path: 'node_modules'},
		tsPreCompilationDeps: true,
		tsConfig: {fileName: 'tsconfig.json'},
		enhancedResolveOptions: {exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types']},
	},
};

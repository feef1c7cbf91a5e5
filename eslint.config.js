import js from '@eslint/js';
import unicorn from 'eslint-plugin-unicorn';
import {defineConfig} from 'eslint/config';
import tseslint from 'typescript-eslint';

/** Modules that own a process-wide effect; everywhere else it is forbidden (docs/decisions/0001-effects-at-the-edge.md). */
const edges = {
	exit: ['harness/cli.ts', 'harness/bootwright.js'],
	clock: ['harness/core/clock.ts'],
};

export default defineConfig(
	{ignores: ['node_modules', 'coverage', 'test/fixtures']},
	js.configs.recommended,
	unicorn.configs.recommended,
	...tseslint.configs.strictTypeChecked,
	...tseslint.configs.stylisticTypeChecked,
	{
		languageOptions: {
			parserOptions: {
				projectService: {allowDefaultProject: ['*.js', '.*.cjs', 'harness/bootwright.js']},
				tsconfigRootDir: import.meta.dirname,
			},
		},
		linterOptions: {reportUnusedDisableDirectives: 'error'},
		rules: {
			'@typescript-eslint/array-type': ['error', {default: 'array-simple', readonly: 'array-simple'}],
			'@typescript-eslint/consistent-type-definitions': ['error', 'type'],
			'@typescript-eslint/consistent-type-imports': ['error', {fixStyle: 'inline-type-imports'}],
			'@typescript-eslint/no-confusing-void-expression': ['error', {ignoreArrowShorthand: true}],
			'@typescript-eslint/restrict-template-expressions': ['error', {allowNumber: true, allowBoolean: true}],
			'@typescript-eslint/switch-exhaustiveness-check': ['error', {considerDefaultExhaustiveForUnions: true}],
			// What `using` holds is used at the end of its block.
			'@typescript-eslint/no-unused-vars': ['error', {ignoreUsingDeclarations: true}],
			'max-params': ['error', 3],
			'no-restricted-properties': [
				'error',
				{object: 'process', property: 'exit', message: 'Only harness/cli.ts ends the process.'},
				{object: 'Date', property: 'now', message: 'Use core/clock.ts.'},
			],
			'no-restricted-globals': [
				'error',
				{name: 'setTimeout', message: 'Use core/clock.ts.'},
				{name: 'setInterval', message: 'Use core/clock.ts.'},
			],
			// Switched off, with the reason in one line each group:
			// null is what JSON, SQLite and Node's own API speak.
			'unicorn/no-null': 'off',
			// Short names of the field (args, dir, env, pid) are the field's standard terms.
			'unicorn/name-replacements': 'off',
			'unicorn/consistent-boolean-name': 'off',
			'unicorn/no-non-function-verb-prefix': 'off',
			'unicorn/consistent-compound-words': 'off',
			// Not in Node 24.
			'unicorn/prefer-temporal': 'off',
			'unicorn/prefer-temporal-conversion': 'off',
			'unicorn/prefer-uint8array-hex': 'off',
			'unicorn/prefer-uint8array-base64': 'off',
			'unicorn/prefer-iterator-concat': 'off',
			'unicorn/prefer-iterator-zip': 'off',
			'unicorn/prefer-get-or-insert-computed': 'off',
			'unicorn/prefer-array-from-range': 'off',
			'unicorn/prefer-regexp-escape': 'off',
			// Exported function first, its helpers below in the order they are called.
			'unicorn/consistent-class-member-order': 'off',
			'unicorn/consistent-function-scoping': 'off',
			'unicorn/no-declarations-before-early-exit': 'off',
			'unicorn/prefer-smaller-scope': 'off',
			// harness/index.ts re-exports; a scenario is an anonymous default export; cli.ts is a program.
			'unicorn/no-barrel-files': 'off',
			'unicorn/no-anonymous-default-export': 'off',
			'unicorn/no-top-level-side-effects': 'off',
			'unicorn/no-top-level-assignment-in-function': 'off',
			'unicorn/single-line-block-comment-style': 'off',
			'unicorn/no-asterisk-prefix-in-documentation-comments': 'off',
			// Shape of the prose and of small expressions is for the reader to judge.
			'unicorn/comment-content': 'off',
			'unicorn/string-content': 'off',
			'unicorn/no-manually-wrapped-comments': 'off',
			'unicorn/template-indent': 'off',
			'unicorn/no-array-reduce': 'off',
			'unicorn/no-array-callback-reference': 'off',
			'unicorn/no-await-expression-member': 'off',
			'unicorn/max-nested-calls': 'off',
			'unicorn/no-negated-comparison': 'off',
			'unicorn/no-negated-condition': 'off',
			'unicorn/no-nested-ternary': 'off',
			'unicorn/no-break-in-nested-loop': 'off',
			'unicorn/no-chained-comparison': 'off',
			'unicorn/no-keyword-prefix': 'off',
			'unicorn/no-useless-undefined': 'off',
			'unicorn/prefer-await': 'off',
			'unicorn/prefer-early-return': 'off',
			'unicorn/prefer-else-if': 'off',
			'unicorn/prefer-continue': 'off',
			'unicorn/prefer-ternary': 'off',
			'unicorn/prefer-minimal-ternary': 'off',
			'unicorn/prefer-split-limit': 'off',
			'unicorn/prefer-simple-condition-first': 'off',
			'unicorn/prefer-combined-guards': 'off',
			'unicorn/prefer-hoisting-branch-code': 'off',
			'unicorn/prefer-single-object-destructuring': 'off',
			'unicorn/prefer-unicode-code-point-escapes': 'off',
			'unicorn/prefer-literal-ascii': 'off',
			'unicorn/prefer-dispose': 'off',
			'unicorn/prefer-class-fields': 'off',
			'unicorn/prefer-https': 'off',
			'unicorn/no-unreadable-object-destructuring': 'off',
			// prettier writes hexadecimal digits in lower case.
			'unicorn/number-literal-case': 'off',
			'unicorn/prefer-event-target': 'off',
			'unicorn/no-using-resource-escape': 'off',
			'unicorn/no-this-outside-of-class': 'off',
			'unicorn/no-array-sort-for-min-max': 'off',
			'unicorn/no-unused-properties': 'off',
			'unicorn/prefer-export-from': 'off',
			'unicorn/prefer-options-parameter': 'off',
			'unicorn/prefer-promise-try': 'off',
			'unicorn/try-complexity': 'off',
			'unicorn/no-process-exit': 'off',
		},
	},
	{files: [...edges.exit, ...edges.clock], rules: {'no-restricted-properties': 'off', 'no-restricted-globals': 'off'}},
	// The types know what a browser has (its own tsconfig.json).
	{files: ['harness/report/html/page/*.js'], rules: {'no-undef': 'off'}},
	{files: ['**/*.cjs'], languageOptions: {globals: {module: 'writable', require: 'readonly'}}},
	{
		files: ['test/**'],
		rules: {
			'max-params': 'off',
			'@typescript-eslint/no-non-null-assertion': 'off',
			// A fake is as asynchronous as what it stands for.
			'@typescript-eslint/require-await': 'off',
		},
	},
);

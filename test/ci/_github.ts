import {registerHooks} from 'node:module';

// Made for bundlers: the package imports its schemas as JSON without saying so, which Node asks for.
registerHooks({
	load: (url, context, next) =>
		next(url, url.endsWith('.min.json') ? {...context, importAttributes: {type: 'json'}} : context),
});

const {NoOperationTraceWriter, convertWorkflowTemplate, parseWorkflow} = await import('@actions/workflow-parser');
const {parseAction} = await import('@actions/workflow-parser/actions/action-parser');

/** What GitHub's own parser has against a workflow, by the schema that GitHub publishes in the same package; expressions are parsed, too. */
export const workflowErrors = async (content: string): Promise<readonly string[]> => {
	const {context, value} = parseWorkflow({name: 'workflow', content}, new NoOperationTraceWriter());
	const {errors = []} = await convertWorkflowTemplate(context, value!);
	return errors.map(({Message}) => Message);
};

/** The same of an action's metadata. */
export const actionErrors = (content: string): readonly string[] =>
	parseAction({name: 'action', content}, new NoOperationTraceWriter())
		.context.errors.getErrors()
		.map(({message}) => message);

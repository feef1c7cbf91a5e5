import type {MetadataAnswer} from './look-up.ts';

/**
 * An error as the cloud shows it: a short HTML page that names the URL. Clients look at the status; people who run curl read the sentence.
 * @param why the sentence after the URL, for what the status alone does not say
 */
export const errorPage = (status: ErrorStatus, path: string, why = ''): MetadataAnswer => {
	const {title, sentence} = pages[status];
	const about = sentence.replace('URL', () => `URL <code>${escapeHtml(path.slice(0, longestPath))}</code>`);
	return {
		status,
		contentType: 'text/html; charset=UTF-8',
		body: `<!DOCTYPE html>
<html lang=en>
  <meta charset=utf-8>
  <title>Error ${status} (${title})!!1</title>
  <p><b>${status}.</b> <ins>That’s an error.</ins>
  <p>${[about, why].filter(Boolean).join(' ')}  <ins>That’s all we know.</ins>
`,
	};
};

const pages = {
	400: {title: 'Bad Request', sentence: 'Your client has issued a malformed or illegal request.'},
	403: {title: 'Forbidden', sentence: 'Your client does not have permission to get URL from this server.'},
	404: {title: 'Not Found', sentence: 'The requested URL was not found on this server.'},
	405: {title: 'Method Not Allowed', sentence: 'The request method is inappropriate for the URL.'},
	413: {title: 'Request Entity Too Large', sentence: 'Your client issued a request that was too large.'},
	431: {title: 'Request Header Fields Too Large', sentence: 'Your client issued a request with too many headers.'},
	500: {title: 'Internal Server Error', sentence: 'The server encountered an error.'},
} as const;

export type ErrorStatus = keyof typeof pages;

const longestPath = 1024;

const escapeHtml = (value: string): string =>
	value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

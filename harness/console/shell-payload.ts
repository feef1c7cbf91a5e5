/** A line of the kernel's log that cut into the text; its own line end is `\r\n`, and it always begins with its time where times are on. */
const kernelLine = /(?:<\d+>)?\[ {0,11}\d+\.\d{6}\](?:\[ *[TC]\d+\])? [^\n]*\n/g;

/**
 * Bytes that the guest wrote as base64 (lines of 76) or hexadecimal, with kernel messages between or within the lines.
 * @returns undefined when it is damaged: then it has to be asked for again
 */
export const decodePayload = (text: string, encoding: 'base64' | 'hex'): Buffer | undefined => {
	const clean = text.replaceAll(/\r+\n/g, '\n');
	const decode = encoding === 'base64' ? fromBase64 : fromHex;
	return decode(clean) ?? decode(clean.replaceAll(kernelLine, ''));
};

// Lines of exactly 76 (RFC 2045) but the last: anything that cut in breaks the pattern, even if it looks like base64 itself.
const base64Text =
	/^(?:[A-Za-z\d+/]{76}\n)*(?:(?:[A-Za-z\d+/]{4})*(?:[A-Za-z\d+/]{2}==|[A-Za-z\d+/]{3}=|[A-Za-z\d+/]{4})\n)?$/;

const fromBase64 = (text: string): Buffer | undefined => {
	const body = text.replace(/^\n+/, '').replace(/\n+$/, '\n');
	if (body === '' || body === '\n') {
		return Buffer.alloc(0);
	}

	// A full last line may carry the padding.
	return base64Text.test(body) && body.lastIndexOf('\n', body.length - 2) >= body.length - 78
		? Buffer.from(body, 'base64')
		: undefined;
};

const fromHex = (text: string): Buffer | undefined => {
	const lines = text
		.split('\n')
		.map((line) => line.replaceAll(' ', ''))
		.filter((line) => line !== '');
	const whole = lines.every((line, index) =>
		index < lines.length - 1 ? /^[\da-f]{32}$/.test(line) : /^(?:[\da-f]{2}){1,16}$/.test(line),
	);
	return whole ? Buffer.from(lines.join(''), 'hex') : undefined;
};

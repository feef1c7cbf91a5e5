import path from 'node:path';
import {pathToFileURL} from 'node:url';
import {type Page, chromium} from 'playwright-core';

/** Debian's package `chromium` (docs/reports.md). */
const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';

type Shot = {
	/** Of the picture, without its end. */
	readonly name: string;
	/** HTML file, and where in it. */
	readonly page: string;
	readonly hash?: string;
	readonly scheme: 'light' | 'dark';
	readonly height: number | 'whole';
	/** Until what is to be seen is there. */
	readonly ready: (page: Page) => Promise<void>;
};

/** Takes pictures of pages into a directory, each as wide as a page of GitHub shows it. */
export const takeScreenshots = async (shots: readonly Shot[], directory: string): Promise<void> => {
	const browser = await chromium.launch({executablePath, args: ['--no-sandbox']});
	try {
		for (const {name, page: file, hash = '', scheme, height, ready} of shots) {
			const page = await browser.newPage({
				viewport: {width: 1000, height: height === 'whole' ? 700 : height},
				colorScheme: scheme,
			});
			await page.goto(`${pathToFileURL(file).href}${hash}`);
			await ready(page);
			await page.screenshot({path: path.join(directory, `${name}.png`), fullPage: height === 'whole'});
			await page.close();
		}
	} finally {
		await browser.close();
	}
};

/** What `--json FILE` and the like may name. */
export const formatNames = ['json', 'junit', 'tap', 'markdown', 'html', 'codequality'] as const;
export type FormatName = (typeof formatNames)[number];

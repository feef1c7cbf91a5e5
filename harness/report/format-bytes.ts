/** 2147483648 → "2.0 GiB": for people; files and messages that must be exact give the number. */
export const formatBytes = (bytes: number): string => {
	const power = Math.min(units.length - 1, Math.floor(Math.log2(Math.max(bytes, 1)) / 10));
	return power === 0 ? `${bytes} B` : `${(bytes / 1024 ** power).toFixed(1)} ${units[power] ?? ''}`;
};

const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];

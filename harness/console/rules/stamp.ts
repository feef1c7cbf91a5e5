/** What printk puts in front of a message, as sources of expressions (Linux kernel/printk/printk.c, info_print_prefix). */

/** The level, with `console_msg_format=syslog`. */
export const level = String.raw`(?:<\d{1,3}>)?`;
/** Seconds since the start, and the caller where CONFIG_PRINTK_CALLER is set. */
export const stamp = String.raw`${level}\[ {0,11}\d{1,10}\.\d{6}\](?:\[ *[TC]\d{1,8}\])? `;

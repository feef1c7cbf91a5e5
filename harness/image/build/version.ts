/** Part of every image's digest: raise it when the builder's code changes what comes out. */
export const builderVersion = '5';

/** Every file of every image carries this time at the latest: 10 June 2023, the day Debian 12 was released. Seconds since 1970. */
export const epoch = 1_686_355_200;

/** What a kept state needs: the toolbox's programs, and a folder in the guest's memory. */
export type StateTools = {readonly ip: string; readonly busybox: string; readonly directory: string};

/**
 * Shell lines that write down how an interface was left: whether it is up, its MTU, IPv4 addresses and routes, and its own sysctls. All
 * of these are lost when it is moved to another network namespace (net/core/dev.c, __dev_change_net_namespace: for the old one it is as
 * if the device went away; net/ipv4/devinet.c: for the new one its settings are those of "default").
 */
export const keepState = (name: string, {ip, busybox, directory}: StateTools): string => `d=${directory}/link
${busybox} mkdir -p $d
{ read -r flags </sys/class/net/${name}/flags; read -r mtu </sys/class/net/${name}/mtu; echo "$flags $mtu"; } >$d/link
${ip} -4 address save dev ${name} >$d/addresses
${ip} -4 route save dev ${name} >$d/routes
${sysctls(name, busybox)} >$d/sysctls`;

/** Shell lines that bring back what `keepState` wrote down. What the kernel refuses is left, and what is right already is not touched. */
export const bringBackState = (name: string, {ip, busybox, directory}: StateTools): string => `d=${directory}/link
read -r flags mtu <$d/link
if [ $((flags & 1)) = 1 ]; then state=up; else state=down; fi
${ip} link set ${name} mtu $mtu $state
${sysctls(name, busybox)} >$d/now
${busybox} grep -vxFf $d/now $d/sysctls | while IFS=: read -r file value; do echo "$value" >"$file"; done
${ip} address restore <$d/addresses
${ip} route restore <$d/routes`;

/** Lines `FILE:VALUE`. Not by `read`, with which ash reads byte by byte: /proc/sys gives nothing from the second one on (kernel/sysctl.c). */
const sysctls = (name: string, busybox: string): string => `${busybox} grep . /proc/sys/net/ipv4/conf/${name}/*`;

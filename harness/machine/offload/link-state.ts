import {type OffloadTools} from './offload-tools.ts';

type StateTools = Pick<OffloadTools, 'ip' | 'busybox' | 'directory'>;

/** Of the guest: where an interface is tested, away from whoever manages it. */
export const namespace = 'bootwright';
/** Where `ip netns add` keeps it open (iproute2, include/namespace.h, NETNS_RUN_DIR, as Debian builds it). */
export const namespacePath = `/run/netns/${namespace}`;

/**
 * Shell lines that write down how an interface was left: whether it is up, its MTU, IPv4 addresses and routes, and its own sysctls. All
 * of these are lost when it is moved to another network namespace (net/core/dev.c, __dev_change_net_namespace: for the old one it is as
 * if the device went away; net/ipv4/devinet.c: for the new one its settings are those of "default").
 * @param offloads shell lines that bring back its offloads
 */
export const keepState = (
	name: string,
	offloads: string,
	{ip, busybox, directory}: StateTools,
): string => `d=${directory}/link
${busybox} mkdir -p $d
{ read -r flags </sys/class/net/${name}/flags; read -r mtu </sys/class/net/${name}/mtu; echo "$flags $mtu ${name}"; } >$d/link
${ip} -4 address save dev ${name} >$d/addresses
${ip} -4 route save dev ${name} >$d/routes
${sysctls(name, busybox)} >$d/sysctls
${busybox} cat >$d/offloads <<'EOF'
${offloads}
EOF`;

/**
 * Shell lines that bring back what `keepState` wrote down, wherever the interface is: out of the namespace, whose last programs are
 * ended. What the kernel refuses is left, and what is right already is not touched. Nothing happens where nothing was written down.
 */
export const bringBackState = ({ip, busybox, directory}: StateTools): string => `d=${directory}/link
if read -r flags mtu name <$d/link; then
if [ $((flags & 1)) = 1 ]; then state=up; else state=down; fi
if ${ip} -n ${namespace} link show $name >/dev/null 2>&1; then
for p in $(${ip} netns pids ${namespace}); do kill -9 $p; done
${ip} netns exec ${namespace} /bin/sh $d/offloads
${ip} -n ${namespace} link set $name netns 1
else /bin/sh $d/offloads
fi
${ip} netns del ${namespace}
${ip} link set $name mtu $mtu $state
${sysctls('$name', busybox)} >$d/now
${busybox} grep -vxFf $d/now $d/sysctls | while IFS=: read -r file value; do echo "$value" >"$file"; done
${ip} address restore <$d/addresses
${ip} route restore <$d/routes
${busybox} rm -r $d
fi 2>/dev/null`;

/** Lines `FILE:VALUE`. Not by `read`, with which ash reads byte by byte: /proc/sys gives nothing from the second one on (kernel/sysctl.c). */
const sysctls = (name: string, busybox: string): string => `${busybox} grep . /proc/sys/net/ipv4/conf/${name}/*`;

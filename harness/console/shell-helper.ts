/** What the helper can do in this guest, as it says itself when it starts. */
export type ShellAbilities = {
	/** How the guest writes bytes as text. */
	readonly encoding: 'base64' | 'hex';
	/** Standard input can come as base64 (`base64 -d` and `head -c` are there); otherwise as octal escapes. */
	readonly takesBase64: boolean;
};

/** `input`: every line to the helper begins with it. `output`: every line from it does; never typed in one piece, so no echo can be taken for one. */
export type Nonces = {readonly input: string; readonly output: string};

/** A line that ends the helper of whoever was here before; at a prompt it is a comment. */
export const quitLine = ': bootwright-quit';

/** What is typed at the prompt to find out whether a shell reads it: attempt → line. The answer is `@bw:<nonce>:<attempt>`. */
export const probeLine = (nonce: string, attempt: number): string => ` echo "@b""w:${nonce}:${attempt}"`;

/**
 * What is typed at the prompt to bring in the helper: from here on no line editor, prompt or history is involved, because
 * `read` in a subshell knows none. Short, since line editors cut long lines; no tab (completion) and no `!x` (history).
 */
export const loaderLine = (nonce: string, end: string): string =>
	` (echo "@b""w:${nonce}:0";S=;while IFS= read -r l&&[ "$l" != "${end}" ];do S="$S $l";done;eval "$S")`;

/**
 * The helper, as lines for the loader, which joins them with blanks. For busybox ash, dash and bash; no tool but mkdir, and base64 or od or hexdump,
 * must exist. It reads requests line by line and runs each command in the background, so that it can always be asked how
 * things stand (`?`) or told to kill it (`#`): no terminal signals, no controlling terminal needed, and a lost answer can be had again.
 *
 * Requests, each after the input nonce: `+text` appends to the command, `/` appends a line feed, `=` starts a new one, `~` asks whether all came in,
 * `<n` takes n characters of base64 as standard input, `>text` takes octal escapes as standard input,
 * `!seq,length,stdin length,escaped,max` runs, `?seq` asks, `#seq` kills, `.` ends.
 * Answers, each `<output nonce>:seq:type:rest` on a line of its own: `b` before stdout (encoded), `m` bytes of stdout before stderr, `e` status and
 * bytes of stderr after it; `z` status of a command that wrote nothing; `w` still running; `u` unknown seq; `x` request came damaged; `a` input taken; `k` killed; `r` ready.
 */
export const helperLines = ({input, output}: Nonces): readonly string[] => [
	`N=${input};M="${output.slice(0, 2)}""${output.slice(2)}";exec 2>/dev/null;set +euxf;unalias -a;unset IFS CDPATH ENV BASH_ENV;`,
	'LC_ALL=C;TERM=dumb;PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin:/usr/local/bin:/usr/bin:/bin;export LC_ALL TERM PATH;',
	'L=$(echo;echo x);L=${L%x};U=$(umask);umask 077;D=;',
	`for d in /dev/shm /run /tmp /var/tmp "";do if [ -d "$d/" ]&&mkdir "$d/.bootwright-${input}"&&echo >"$d/.bootwright-${input}/t";then D=$d/.bootwright-${input};break;fi;done;umask $U;`,
	'has(){ command -v "$1" >/dev/null;};',
	// od pads, hexdump pads: the host takes the blanks away.
	`if has base64;then E=base64;x(){ base64;};elif has od;then E=hex;x(){ od -An -v -tx1;};elif has hexdump;then E=hex;x(){ hexdump -v -e '16/1 "%02x" "\\n"';};else E=none;fi;`,
	'B=0;if [ $E = base64 ]&&has head&&[ "$(echo eA==|base64 -d)" = x ];then B=1;fi;',
	'g(){ if [ -s "$1" ];then if [ "$X" -gt 0 ];then head -c "$X" <"$1"|x;else x <"$1";fi;fi;};',
	'r(){ s=;read -r s <"$D/s$1";if [ -s "$D/o$1" ]||[ -s "$D/e$1" ];then set -- "$1" $(wc -c "$D/o$1" "$D/e$1");',
	'echo "$L$M:$1:b";g "$D/o$1";echo "$L$M:$1:m:$2";g "$D/e$1";echo "$L$M:$1:e:$s:$4";else echo "$L$M:$1:z:$s";fi;};',
	// The ids in /proc/PID/stat stand after the name, which may hold anything: cut at its last parenthesis.
	't(){ kill -STOP "$1";for q in /proc/[0-9]*/stat;do a=;read -r a <"$q"||continue;set -- "$1" ${a##*) };if [ "$3" = "$1" ];then t "${a%% *}";fi;done;kill -KILL "$1";};',
	'W(){ if [ "$Y" = 1 ];then C=$(printf "%b." "$C");C=${C%.};fi;I=$D/t;if [ "$Z" -gt 0 ];then I=$D/i$H;fi;',
	'{ ( eval "$C" ) <"$I" >"$D/o$H" 2>"$D/e$H";echo $? >"$D/s$H";r "$H";}& J=$!;if [ $((H%16)) = 0 ];then for q in "$D"/[oeis]*;do case $q in *[oeis]$H);;*)set -- "$@" "$q";;esac;done;rm -f "$@";fi;};',
	'H=0;J=;C=;X=0;: >"$D/t";T=$(stty -g);stty -echo -isig -ixon -ixoff -iexten -opost;echo "$L$M:0:r:$E:$B:$D";',
	'while IFS= read -r l||[ $? -gt 128 ];do case $l in',
	'"$N+"*)C=$C${l#*+};;"$N/")C=$C$L;;"$N=")C=;: >"$D/p";;"$N~")echo "$L$M:$H:a:";;',
	'"$N<"*)head -c "${l#*<}"|base64 -d >>"$D/p";echo "$L$M:$H:a:${l#*<}";;"$N>"*)printf "%b" "${l#*>}" >>"$D/p";;',
	'"$N!"*)IFS=,;set -- ${l#*!};unset IFS;if [ "$1" -le "$H" ];then :;elif [ ${#C} -ne "$2" ]||{ [ "$3" -gt 0 ]&&[ "$(wc -c <"$D/p")" -ne "$3" ];};then echo "$L$M:$1:x:";',
	'else wait $J;H=$1;Z=$3;Y=$4;X=$5;if [ "$Z" -gt 0 ];then mv "$D/p" "$D/i$H";fi;set --;W;fi;C=;;',
	'"$N?"*)q=${l#*\\?};if [ "$q" != "$H" ];then echo "$L$M:$q:u:$H";elif [ -s "$D/s$H" ];then wait $J;r "$H";else echo "$L$M:$q:w:";fi;;',
	'"$N#"*)if [ -n "$J" ]&&[ ! -s "$D/s$H" ];then t "$J";wait $J;echo 137 >"$D/s$H";fi;C=;echo "$L$M:${l#*#}:k:";;',
	`"$N."|"${quitLine}")break;;esac;done;`,
	'if [ -n "$J" ]&&[ ! -s "$D/s$H" ];then t "$J";fi;stty "$T";rm -rf "$D"',
];

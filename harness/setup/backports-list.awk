# From a one-line-style file (sources.list(5)): the entry of `uri` for `suite`, for the backports of that suite instead.
$1 == "deb" {
	for (i = 2; i < NF; i++)
		if (($i == uri || $i == uri "/") && $(i + 1) == suite) {
			$(i + 1) = suite "-backports"
			print
			exit
		}
}

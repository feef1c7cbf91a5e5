# From a deb822 file (sources.list(5)): the entry of `uri` for `suite`, for the backports of that suite instead.
BEGIN {
	RS = ""
	FS = "\n"
}

{
	uris = suites = 0
	entry = ""
	for (i = 1; i <= NF; i++) {
		line = $i
		if (line ~ /^#/)
			continue
		if (line !~ /^[ \t]/)
			field = tolower(substr(line, 1, index(line, ":") - 1))
		words = " " line " "
		gsub(/\t/, " ", words)
		if (field == "uris" && (index(words, " " uri " ") || index(words, " " uri "/ ")))
			uris = 1
		if (field == "suites") {
			if (index(words, " " suite " "))
				suites = 1
			continue
		}
		if (field == "types")
			continue
		entry = entry line "\n"
	}
	if (uris && suites && entry !~ /\n[Ee]nabled: *no/) {
		printf "Types: deb\nSuites: %s-backports\n%s", suite, entry
		exit
	}
}

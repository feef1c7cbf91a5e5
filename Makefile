# The two commands: `make boot-test` and `make test`. Both first install what this machine lacks (harness/setup).
node := node_modules/node/bin/node
setup := harness/setup/setup.sh
bootwright := $(node) harness/bootwright.js

.PHONY: help boot-test test setup images mutants long kernels nightly doctor bench clean

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 12

boot-test: ## judge an image: make boot-test IMAGE=image.raw ARGS='--strict' (default: the reference image)
	@$(setup) run
	@$(bootwright) test $(if $(IMAGE),"$(IMAGE)") $(ARGS)

test: ## lint, types, unit and end-to-end tests
	@$(setup) test
	@$(node) test/run.ts

setup: ## install what is missing, for all of this
	@$(setup) test

images: ## build the reference images that are not in the cache
	@$(setup) run
	@$(bootwright) images build

mutants: ## machines and images that are wrong on purpose: exactly the right rows must fail
	@$(setup) run
	@$(bootwright) mutants

long: ## tests that take long: images with cloud-init, the same verdict 20 times on a busy host
	@$(setup) test
	@npm run -s long

kernels: ## kernels that lack one thing each, built from source: exactly the right rows must fail
	@$(setup) test
	@npm run -s kernels

nightly: ## run the matrix in nightly.yaml, reports beside its cells; what ended early is gone on with: make nightly ARGS='--artifacts DIR'
	@$(setup) run
	@$(bootwright) images kernels >/dev/null # in one tree: one by one they would take hours
	@$(bootwright) matrix nightly.yaml $(ARGS)

doctor: ## what this host can do, and how to mend what it cannot
	@$(bootwright) doctor

bench: ## the figures, side by side with a bare script
	@$(setup) test
	@npm run -s bench

clean: ## remove what was installed and cached inside this folder
	rm -rf node_modules coverage

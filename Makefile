# Deux commandes suffisent : « make run » et « make test ». Tout s'installe dans .venv.
.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help run test check faults load fmt bench demo docs lock pictures typeface story

help:
	@echo "make run    installe et sert l'application sur http://127.0.0.1:8000"
	@echo "make test   installe et passe les tests, sur SQLite, puis sur PostgreSQL ceux que la base concerne"
	@echo "make check  tout ce qu'exige une modification : style, types, contrats, migrations, documentation, tous les tests"
	@echo "make faults passe toutes les attaques : processus tués, disque plein, base coupée…, sur les deux bases"
	@echo "make load   mesure cinquante agents à la fois devant les écrans, sur PostgreSQL"
	@echo "make fmt    met le code en forme        make demo   ajoute des demandes d'essai"
	@echo "make bench  mesure                      make docs   refait la documentation produite par le code"
	@echo "make story FILE=…    joue un récit de tests/scenarios par les trois portes"
	@echo "make lock   refige les dépendances      make pictures  refait les captures d'écran du guide"
	@echo "make typeface  refait le caractère des écrans, depuis celui des papiers"

# Chaque liste de paquets a son témoin : on n'installe de nouveau que si elle a changé.
.venv/run.stamp: requirements/run.txt requirements/install.py pyproject.toml
	@$(PYTHON) requirements/install.py run

.venv/dev.stamp: requirements/dev.txt requirements/install.py pyproject.toml
	@$(PYTHON) requirements/install.py dev

# À part de .venv, que ses paquets ne concernent pas.
.venv/load.stamp: requirements/load.txt .venv/dev.stamp
	@$(BIN)/uv venv --quiet --clear --python $(BIN)/python .venv/load
	@$(BIN)/uv pip install --quiet --python .venv/load/bin/python --require-hashes -r requirements/load.txt
	@touch .venv/load.stamp

run: .venv/run.stamp
	@$(BIN)/tripartite setup
	@$(BIN)/tripartite serve --samples

demo: .venv/run.stamp
	@$(BIN)/tripartite setup
	@$(BIN)/tripartite demo

# Chaque ouvrier garde l'ordre des tests : ce dont beaucoup partent n'est alors bâti qu'une fois, ou presque. Les tests
# que pytest a récrits sont gardés, quoi que dise l'environnement : ils servent à tous les ouvriers et aux deux bases.
# Un ouvrier de plus que de cœurs : un test qui attend un navigateur ou un processus laisse travailler les autres.
TESTS = PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -n $$(( $$(nproc) + 1 )) --dist worksteal

test: .venv/dev.stamp
	@$(TESTS)
	@$(TESTS) --database=postgresql $(ALL)

check: .venv/dev.stamp
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python manage.py makemigrations --check --dry-run
	@$(BIN)/tripartite docs --check
	@$(MAKE) --no-print-directory test ALL=--all

faults: .venv/dev.stamp
	@$(BIN)/python -m pytest tests/faults --faults -s
	@$(BIN)/python -m pytest tests/faults --faults -s -n 1 --database=postgresql

load: .venv/load.stamp
	@$(BIN)/python -m bench load

fmt: .venv/dev.stamp
	@$(BIN)/ruff check --fix --quiet .
	@$(BIN)/ruff format --quiet .

bench: .venv/dev.stamp
	@$(BIN)/python -m bench

story: .venv/dev.stamp
	@$(BIN)/python -m tests.scenarios $(FILE)

docs: .venv/dev.stamp
	@$(BIN)/tripartite docs

pictures: .venv/dev.stamp
	@$(BIN)/python -m docs.pictures

typeface: .venv/dev.stamp
	@$(BIN)/uv run --quiet --no-project --with "fonttools[woff]" --with fontpkg-source-sans-3 python docs/typeface.py

lock: .venv/dev.stamp
	@$(BIN)/uv pip compile --quiet --generate-hashes --no-header --no-emit-index-url --universal --python-version 3.11 \
		--extra build pyproject.toml -o requirements/run.txt
	@$(BIN)/uv pip compile --quiet --generate-hashes --no-header --no-emit-index-url --universal --python-version 3.11 \
		--extra build --extra dev -c requirements/run.txt pyproject.toml -o requirements/dev.txt
	@$(BIN)/uv pip compile --quiet --generate-hashes --no-header --no-emit-index-url --universal --python-version 3.11 \
		--group load -o requirements/load.txt

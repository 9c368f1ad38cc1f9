# nesgate. One Makefile, not recursive; everything it makes lies under build/.
#
#   make demo     the whole road on private servers, explained step by step
#   make test     every test; the last line is "N passed, N failed"
#   make          build/nesgate
#   make lint     the rules of the house (tests/lint.py)
#   make asan     the tests again under AddressSanitizer and UBSan
#   make fuzz     libFuzzer targets, FUZZ_SECONDS each (default 60)
#   make bench    speed, beside the peers if they are there
#   make install  DESTDIR and PREFIX as usual

ROOMS   := parsers queue templates gateway
BUILD   ?= build
PREFIX  ?= /usr/local
CC      ?= gcc
PKGS    := glib-2.0 gio-2.0 gmime-3.0 sqlite3 libconfig libzip libxml-2.0 libseccomp jansson openssl
# libcurl's OpenSSL build cannot have its -dev package beside libetpan-dev: the headers come
# with libetpan-dev, the library is named by file. smtp_session.c checks at start that it got OpenSSL.
# poppler is loaded by parsers/doc_pdf.c where a PDF is read; only its headers are needed here.
# libetpan's own .pc file carries a -specs= that breaks PIE: plain -letpan.
LIBS    := -letpan -l:libcurl.so.4 -lxlsxwriter -lm

WARN    := -Wall -Wextra -Werror -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wwrite-strings \
           -Wpointer-arith -Wformat=2 -Wvla -Wno-missing-field-initializers -Wno-unused-parameter
OPT     ?= -O2 -g -fstack-protector-strong -D_FORTIFY_SOURCE=2
CPPFLAGS = -D_GNU_SOURCE -DG_LOG_DOMAIN='"nesgate"' -DNESGATE_VERSION='"$(VERSION)"' -I. -I$(BUILD)/gen
CFLAGS  ?= $(OPT)
# Hidden, because an exported name of ours would take the place of the same name inside a library.
ALL_CFLAGS = -std=gnu17 -fPIE -fvisibility=hidden -pthread $(WARN) $(CFLAGS) $(CPPFLAGS) $(shell pkg-config --cflags $(PKGS) poppler-glib 2>/dev/null)
ALL_LIBS = $(shell pkg-config --libs $(PKGS) 2>/dev/null) $(LIBS)
VERSION := 0.1

SRCS    := $(foreach r,$(ROOMS),$(wildcard $(r)/*.c))
OBJS    := $(SRCS:%.c=$(BUILD)/obj/%.o) $(BUILD)/obj/gen/assets.o
# Data that is part of the program: letters, words, rules, headings, SQL. Read with g_resources_lookup_data.
ASSETS  := $(wildcard templates/tr/* parsers/*.rules parsers/*.table queue/sql/*.sql queue/sql/migrations/*.sql gateway/man/*)
UNIT    := $(wildcard tests/unit/*/*_test.c)
UNITBIN := $(UNIT:%.c=$(BUILD)/%)

all: $(BUILD)/nesgate

$(BUILD)/nesgate: $(OBJS)
	@echo "  link $@"
	@$(CC) -pie $(CFLAGS) $(LDFLAGS) -o $@ $^ $(ALL_LIBS)

$(BUILD)/libnesgate.a: $(filter-out $(BUILD)/obj/gateway/main.o,$(OBJS))
	@rm -f $@
	@ar rcs $@ $^

$(BUILD)/obj/%.o: %.c Makefile | deps
	@mkdir -p $(@D)
	@echo "  $<"
	@$(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/obj/gen/assets.o: $(BUILD)/gen/assets.c | deps
	@mkdir -p $(@D)
	@$(CC) $(ALL_CFLAGS) -w -c -o $@ $<

$(BUILD)/gen/assets.xml: $(ASSETS) Makefile
	@mkdir -p $(@D)
	@{ echo '<gresources><gresource prefix="/nesgate">'; \
	   for f in $(ASSETS); do echo "<file>$$f</file>"; done; \
	   echo '</gresource></gresources>'; } > $@

$(BUILD)/gen/assets.c: $(BUILD)/gen/assets.xml $(ASSETS) | deps
	@glib-compile-resources --generate-source --sourcedir=. --target=$@ $<

$(BUILD)/tests/unit/%: tests/unit/%.c $(BUILD)/libnesgate.a
	@mkdir -p $(@D)
	@echo "  $<"
	@$(CC) $(ALL_CFLAGS) -MMD -MP -MF $@.d -pie $(LDFLAGS) -o $@ $< -Wl,--whole-archive $(BUILD)/libnesgate.a -Wl,--no-whole-archive $(ALL_LIBS) -lcmocka

unit: $(UNITBIN)

-include $(OBJS:.o=.d) $(UNITBIN:%=%.d)

# What a bare Debian 12 lacks is installed once; nothing is done when all is there.
deps:
	@tests/install-deps

test: deps
	@$(MAKE) --no-print-directory -j$$(nproc) $(BUILD)/nesgate unit
	@tests/run

demo: deps
	@$(MAKE) --no-print-directory -j$$(nproc) $(BUILD)/nesgate
	@tests/demo

lint: deps
	@$(MAKE) --no-print-directory -j$$(nproc) $(BUILD)/nesgate
	@/usr/bin/python3 tests/lint.py

asan: deps
	@$(MAKE) --no-print-directory -j$$(nproc) BUILD=build/asan CFLAGS="-O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer" build/asan/nesgate unit
	@BUILD=build/asan tests/run

bench: deps
	@$(MAKE) --no-print-directory -j$$(nproc) $(BUILD)/nesgate
	@tests/bench/run

fuzz: deps
	@tests/fuzz/run

install: $(BUILD)/nesgate
	install -D -m 755 $(BUILD)/nesgate $(DESTDIR)$(PREFIX)/bin/nesgate
	install -d $(DESTDIR)$(PREFIX)/share/man/man1 $(DESTDIR)$(PREFIX)/share/man/man5
	$(BUILD)/nesgate explain --man nesgate.1 > $(DESTDIR)$(PREFIX)/share/man/man1/nesgate.1
	$(BUILD)/nesgate explain --man nesgate.conf.5 > $(DESTDIR)$(PREFIX)/share/man/man5/nesgate.conf.5
	install -D -m 644 gateway/dist/nesgate.bash $(DESTDIR)$(PREFIX)/share/bash-completion/completions/nesgate
	install -D -m 644 gateway/dist/nesgate.conf.example $(DESTDIR)$(PREFIX)/share/doc/nesgate/nesgate.conf.example
	install -d $(DESTDIR)$(PREFIX)/lib/systemd/system
	sed 's,/usr/local,$(PREFIX),' gateway/dist/nesgate.service > $(DESTDIR)$(PREFIX)/lib/systemd/system/nesgate.service

clean:
	rm -rf build

.PHONY: all unit deps test demo lint asan bench fuzz install clean
.DELETE_ON_ERROR:

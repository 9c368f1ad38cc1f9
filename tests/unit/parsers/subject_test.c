/* subject: replies, forwards, and words that only begin like them. */
#include "parsers/subject.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static const struct { const char *subject; enum subject_prefix prefix; } cases[] = {
	{ "Re: x", SUBJECT_REPLY },	   { "RE:x", SUBJECT_REPLY },	  { "Ynt: x", SUBJECT_REPLY },
	{ "YNT : x", SUBJECT_REPLY },	   { "Cvp: x", SUBJECT_REPLY },	  { "Re[2]: x", SUBJECT_REPLY },
	{ "Yanıt: x", SUBJECT_REPLY },	   { "YANIT: x", SUBJECT_REPLY }, { "AW: x", SUBJECT_REPLY },
	{ " Ynt: İlt: x", SUBJECT_REPLY }, { "Fwd: x", SUBJECT_FORWARD }, { "FW: x", SUBJECT_FORWARD },
	{ "İlt: x", SUBJECT_FORWARD },	   { "ilt: x", SUBJECT_FORWARD }, { "Ilt: Ynt: x", SUBJECT_FORWARD },
	{ "Fwd[3]: x", SUBJECT_FORWARD },  { "Rezervasyon: x", SUBJECT_NONE }, { "Re", SUBJECT_NONE },
	{ "x Re: y", SUBJECT_NONE },	   { "[Re]: y", SUBJECT_NONE },	  { "", SUBJECT_NONE },
	{ NULL, SUBJECT_NONE },
};

static void prefixes(void **state)
{
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		if (subject_prefix(cases[i].subject) != cases[i].prefix)
			fail_msg("%s", cases[i].subject);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(prefixes) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}

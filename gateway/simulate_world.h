/* simulate_world: the made-up institution of `nesgate simulate`: its people and units, what is to happen when, the dice.
 *
 * Everything that somebody does is an event with a time; a mail to the gateway is one too. The same seed gives the same year.
 */
#pragma once
#include <stdbool.h>
#include <gio/gio.h>
#include "gateway/simulate_check.h"
#include "parsers/facts.h"
#include "queue/db.h"
#include "queue/outbox.h"
#include "queue/policy.h"

#define RATE(name, preset, sentence) RATE_##name,
enum rate {
#include "gateway/simulate.def"
	RATES
};
#undef RATE
struct rate_row { const char *name; double preset; const char *sentence; };
extern const struct rate_row simulate_world_rates[RATES];

#define SIMULATE_DOMAIN "kurum.test"
#define SIMULATE_OFFICER "yetkili@" SIMULATE_DOMAIN
#define SIMULATE_OFFICER2 "vekil@" SIMULATE_DOMAIN /* in his place from the end of June on */
#define SIMULATE_REGISTRY "evrak@" SIMULATE_DOMAIN
#define SIMULATE_SUPPORT "destek@" SIMULATE_DOMAIN
enum { SIMULATE_HOUR = 3600, SIMULATE_DAY = 86400, SIMULATE_BEGIN = 1767214800 /* 2026-01-01 in Istanbul */ };

/* How far the card really is, whatever the gateway has heard of it. */
enum stage { STAGE_NONE, STAGE_OPEN, STAGE_PAPER, STAGE_FILED, STAGE_MADE, STAGE_SHIPPED, STAGE_BACK, STAGE_CARD, STAGE_ACTIVE, STAGE_OFF };

struct unit {
	char *name;
	char *manager, *manager2; /* some units have another one from the end of June on; else they are the same */
	GPtrArray *unread;        /* struct person: of forms that could not be read, and come again */
};
struct person {
	guint no;
	char tckn[12];
	char *given_name, *family_name, *name_key;
	char *email;      /* the present one */
	gint64 dies_at;   /* when it dies; 0: never */
	struct unit *unit;
	const char *kind; /* first, renewal, lost */
	char expires[11]; /* of the present certificate; "": none */
	bool asked;       /* a form with this person came to the gateway */
	enum stage stage;
	enum answer way;
	guint round;      /* events of an earlier application are void */
	gint64 number;    /* of the present one at KAMU SM */
	enum answer said; /* what the gateway was told last */
};

struct world {
	struct db *db;
	struct policy policy;
	struct check *check;
	gint64 now, end;
	GRand *dice;
	double rates[RATES];
	GPtrArray *units, *people, *pinned;
	GHashTable *lists;  /* ids of those that KAMU SM has */
	GHashTable *by_address, *by_tckn, *by_name; /* struct person; addresses that are no longer used, too */
	GSequence *agenda;
	guint64 events, mails;
	struct staff *staff;
	GError *error; /* what the queue could not do: the year ends there */
};

struct simulate_setup { gint64 people, days, seed; const double *rates; };

/* The directory of the institution, CSV. Free with g_free. */
char *simulate_world_directory(gint64 people);
/* The policy's directory is the one above. */
struct world *simulate_world_new(struct db *db, const struct policy *policy, const struct simulate_setup *setup);
void simulate_world_free(struct world *w);

const char *simulate_world_officer(const struct world *w); /* who it is today */
const char *simulate_world_manager(const struct world *w, const struct unit *u);
bool simulate_world_chance(struct world *w, enum rate rate);
/* Seconds, from so many hours to so many. */
gint64 simulate_world_hours(struct world *w, double least, double most);
/* The same from now on, in working hours. */
gint64 simulate_world_at_work(struct world *w, double least, double most);

/* `run` is called at that time with `data`, which `done` (NULL: nothing) frees. */
typedef void (*simulate_act)(struct world *w, void *data);
void simulate_world_at(struct world *w, gint64 at, simulate_act run, void *data, GDestroyNotify done);
/* For things that happen to one person: void once the person has another application. */
void simulate_world_later(struct world *w, gint64 at, void (*run)(struct world *w, struct person *p), struct person *p);
/* When the next event is due; G_MAXINT64: none. */
gint64 simulate_world_next(const struct world *w);
void simulate_world_run_due(struct world *w);

/* A mail to the gateway at that time; takes the facts. */
void simulate_world_mail(struct world *w, gint64 at, struct facts *f, bool nonsense);
/* The person has a new address. */
void simulate_world_move(struct world *w, struct person *p);

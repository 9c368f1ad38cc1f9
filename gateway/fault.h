/* fault: a place on the road where a test may kill the process, to show that nothing is lost and nothing happens twice.
 *
 * $NESGATE_FAULT=N kills at the N-th point reached by any process of this gateway (the count lies in shared memory);
 * N:all kills the whole gateway. Without the variable a point costs one comparison.
 */
#pragma once
void fault_init(void);              /* before the first fork */
void fault_join(void);              /* in each child: N:all kills this process too */
void fault_point(const char *name); /* fetch, keep, store, tell, read, apply, compose, sign, freeze, send, sent, record */

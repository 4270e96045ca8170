/* Where things lie in memory. */
#ifndef TG_RUNNER_DRIVE_SHUFFLE_H
#define TG_RUNNER_DRIVE_SHUFFLE_H

/* Draws the address-space layout of this process anew, as far as it is not used yet: what is mapped
 * from now on (libraries, stacks of threads, large blocks) and what the heap grows by is moved by a
 * random distance, of up to 16 MiB and 1 MiB. For a child right after fork(), which would otherwise
 * have the layout of its parent, and so the same one as its siblings: an advantage of one layout
 * over another would be the same in all launches, and look like one of the store (Mytkowicz,
 * Diwan, Hauswirth, Sweeney 2009, "Producing wrong data without doing anything obviously wrong!").
 * Costs address space, no memory. Where the system refuses, the layout stays as it is. */
void tg_shuffle_layout(void);

#endif

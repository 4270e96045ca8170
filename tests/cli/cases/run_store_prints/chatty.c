#include <stdio.h>

__attribute__((constructor)) static void greet(void)
{
    puts("the store says hello");
    fflush(stdout);
}

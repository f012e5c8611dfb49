/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Files made from the table of commands (cli/command.h) at build time. */

#include <stdio.h>

struct command;

/* A manual page in man(7): of the whole program when `command` is NULL. */
void man_write(FILE *file, const struct command *command);

/* Completion scripts. */
void bash_write(FILE *file);
void zsh_write(FILE *file);
void fish_write(FILE *file);

// The batch operations: each reads its packed request and packs its answer. They run on a pool thread and touch
// nothing of JavaScript. The encoder and decoder are src/engine/local/node-disk-native.ts.
#pragma once
#include "beneath.hh"
#include "wire.hh"

namespace tidemark {

// Every operation returns an errno for the batch as a whole (root gone, malformed request), else 0.
using Operation = int (*)(Beneath&, Request&, Answer&);

int list_folder(Beneath&, Request&, Answer&);
int look_many(Beneath&, Request&, Answer&);
int read_small_many(Beneath&, Request&, Answer&);
int read_link(Beneath&, Request&, Answer&);
int stage_many(Beneath&, Request&, Answer&);
int make_folders(Beneath&, Request&, Answer&);
int make_link(Beneath&, Request&, Answer&);
int remove_many(Beneath&, Request&, Answer&);
int change_mode(Beneath&, Request&, Answer&);
int carry_over(Beneath&, Request&, Answer&);
int rename_many(Beneath&, Request&, Answer&);
int flush_many(Beneath&, Request&, Answer&);
int flush_all(Beneath&, Request&, Answer&);
int open_file(Beneath&, Request&, Answer&);
int finish_file(Beneath&, Request&, Answer&);
int copy_range(Beneath&, Request&, Answer&);
int try_write_lease(Beneath&, Request&, Answer&);
int being_written_many(Beneath&, Request&, Answer&);

}  // namespace tidemark

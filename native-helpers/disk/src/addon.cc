// The door to JavaScript: raw Node-API, no state of its own, so any number of worker threads may load it.
#define NAPI_VERSION 8
#include <node_api.h>

#include <cerrno>
#include <cstring>
#include <memory>
#include <new>
#include <string>

#include "chunks.hh"
#include "operations.hh"

namespace {

using tidemark::Answer;
using tidemark::Request;
using tidemark::RootIdentity;

// Order shared with src/engine/local/node-disk-native.ts.
constexpr tidemark::Operation kOperations[] = {
    tidemark::list_folder,  tidemark::look_many,    tidemark::read_small_many, tidemark::read_link,
    tidemark::stage_many,   tidemark::make_folders, tidemark::make_link,       tidemark::remove_many,
    tidemark::change_mode,  tidemark::rename_many,  tidemark::flush_many,      tidemark::flush_all,
    tidemark::open_file,    tidemark::finish_file,  tidemark::copy_range,      tidemark::try_write_lease,
    tidemark::carry_over,   tidemark::being_written_many,
};
constexpr uint32_t kOperationCount = sizeof kOperations / sizeof kOperations[0];

// Answers up to here are copied: a small copy is cheaper than a finalizer.
constexpr size_t kCopyLimit = 4096;

struct Job {
  tidemark::Operation operation = nullptr;
  RootIdentity root;
  const uint8_t* request = nullptr;
  size_t request_size = 0;
  napi_ref keep = nullptr;  // the request's bytes stay alive while the pool thread reads them
  napi_deferred deferred = nullptr;
  napi_async_work work = nullptr;
  Answer answer;
  int error = 0;
};

napi_value fail(napi_env env, const char* message) {
  napi_throw_type_error(env, nullptr, message);
  return nullptr;
}

bool byte_view(napi_env env, napi_value value, uint8_t** data, size_t* size) {
  bool is_view = false;
  if (napi_is_typedarray(env, value, &is_view) != napi_ok || !is_view) return false;
  napi_typedarray_type type;
  void* bytes = nullptr;
  if (napi_get_typedarray_info(env, value, &type, size, &bytes, nullptr, nullptr) != napi_ok) return false;
  *data = static_cast<uint8_t*>(bytes);
  return type == napi_uint8_array;
}

bool number_view(napi_env env, napi_value value, uint32_t** data, size_t* count) {
  napi_typedarray_type type;
  void* bytes = nullptr;
  if (napi_get_typedarray_info(env, value, &type, count, &bytes, nullptr, nullptr) != napi_ok) return false;
  *data = static_cast<uint32_t*>(bytes);
  return type == napi_uint32_array;
}

// [u64 device][u64 inode][i64 birth][path bytes]
bool decode_root(const uint8_t* data, size_t size, RootIdentity* out) {
  if (size < 25) return false;
  std::memcpy(&out->device, data, 8);
  std::memcpy(&out->inode, data + 8, 8);
  std::memcpy(&out->birth_ns, data + 16, 8);
  out->path.assign(reinterpret_cast<const char*>(data + 24), size - 24);
  return true;
}

void execute(napi_env, void* data) {
  Job* job = static_cast<Job*>(data);
  try {
    tidemark::Beneath beneath(job->root);
    Request request(job->request, job->request_size);
    job->answer.u32(0);
    job->answer.u32(0);
    job->error = beneath.error() != 0 ? beneath.error() : job->operation(beneath, request, job->answer);
  } catch (const std::bad_alloc&) {
    job->error = ENOMEM;
  }
  if (job->error != 0) job->answer.shrink(0);
  try {
    if (job->answer.size() == 0) job->answer.grow(8);
    job->answer.set<uint32_t>(0, static_cast<uint32_t>(job->error));
    job->answer.set<uint32_t>(4, 0);
  } catch (const std::bad_alloc&) {
    job->answer.shrink(0);
  }
}

void free_answer(napi_env, void* data, void*) { std::free(data); }

napi_status make_buffer(napi_env env, Answer& answer, napi_value* out) {
  size_t size = answer.size();
  if (size <= kCopyLimit) return napi_create_buffer_copy(env, size, answer.at(0), nullptr, out);
  uint8_t* data = answer.release();
  napi_status status = napi_create_external_buffer(env, size, data, free_answer, nullptr, out);
  if (status != napi_ok) {
    // Runtimes that keep all buffers in their own cage refuse outside memory.
    status = napi_create_buffer_copy(env, size, data, nullptr, out);
    std::free(data);
  }
  return status;
}

void complete(napi_env env, napi_status status, void* data) {
  std::unique_ptr<Job> job(static_cast<Job*>(data));
  napi_value result;
  bool good = status == napi_ok && job->answer.size() >= 8 && make_buffer(env, job->answer, &result) == napi_ok;
  if (good) {
    napi_resolve_deferred(env, job->deferred, result);
  } else {
    napi_value text;
    napi_value error;
    napi_create_string_utf8(env, "disk batch did not run", NAPI_AUTO_LENGTH, &text);
    napi_create_error(env, nullptr, text, &error);
    napi_reject_deferred(env, job->deferred, error);
  }
  napi_delete_reference(env, job->keep);
  napi_delete_async_work(env, job->work);
}

// run(operation: number, root: Uint8Array, request: Uint8Array): Promise<Buffer>
// The answer begins with [u32 errno of the batch][u32 0].
napi_value run(napi_env env, napi_callback_info info) {
  napi_value arguments[3];
  size_t count = 3;
  if (napi_get_cb_info(env, info, &count, arguments, nullptr, nullptr) != napi_ok || count != 3) {
    return fail(env, "run(operation, root, request)");
  }
  uint32_t operation = 0;
  uint8_t* root = nullptr;
  size_t root_size = 0;
  auto job = std::make_unique<Job>();
  uint8_t* request = nullptr;
  if (napi_get_value_uint32(env, arguments[0], &operation) != napi_ok || operation >= kOperationCount ||
      !byte_view(env, arguments[1], &root, &root_size) || !decode_root(root, root_size, &job->root) ||
      !byte_view(env, arguments[2], &request, &job->request_size)) {
    return fail(env, "run(operation, root, request)");
  }
  job->operation = kOperations[operation];
  job->request = request;
  napi_value promise;
  napi_value name;
  if (napi_create_reference(env, arguments[2], 1, &job->keep) != napi_ok ||
      napi_create_promise(env, &job->deferred, &promise) != napi_ok ||
      napi_create_string_utf8(env, "tidemark.disk", NAPI_AUTO_LENGTH, &name) != napi_ok ||
      napi_create_async_work(env, nullptr, name, execute, complete, job.get(), &job->work) != napi_ok ||
      napi_queue_async_work(env, job->work) != napi_ok) {
    return fail(env, "the disk batch could not be queued");
  }
  job.release();
  return promise;
}

// identify(path: string): Buffer for `run`, or the errno as a number.
napi_value identify(napi_env env, napi_callback_info info) {
  napi_value argument;
  size_t count = 1;
  size_t length = 0;
  if (napi_get_cb_info(env, info, &count, &argument, nullptr, nullptr) != napi_ok || count != 1 ||
      napi_get_value_string_utf8(env, argument, nullptr, 0, &length) != napi_ok) {
    return fail(env, "identify(path)");
  }
  std::string path(length, '\0');
  napi_get_value_string_utf8(env, argument, &path[0], length + 1, nullptr);
  RootIdentity root;
  int error = tidemark::identify_root(path.c_str(), &root);
  if (error == 0) {
    // A kernel without openat2 (or a sandbox that hides it) shows itself here, at start-up.
    tidemark::Fd probe;
    error = tidemark::Beneath(root).open_folder(".", &probe);
  }
  napi_value out;
  if (error != 0) {
    napi_create_int32(env, error, &out);
    return out;
  }
  std::string token(24, '\0');
  std::memcpy(&token[0], &root.device, 8);
  std::memcpy(&token[8], &root.inode, 8);
  std::memcpy(&token[16], &root.birth_ns, 8);
  token += root.path;
  napi_create_buffer_copy(env, token.size(), token.data(), nullptr, &out);
  return out;
}

// chunkEnds(bytes, [min, mean, max, length, hash], ends): number of ends written. `length` and `hash` carry the open
// chunk from one piece of a file to the next. Synchronous: for worker threads.
napi_value chunk_ends(napi_env env, napi_callback_info info) {
  napi_value arguments[3];
  size_t count = 3;
  uint8_t* bytes = nullptr;
  size_t size = 0;
  uint32_t* numbers = nullptr;
  size_t number_count = 0;
  uint32_t* ends = nullptr;
  size_t room = 0;
  if (napi_get_cb_info(env, info, &count, arguments, nullptr, nullptr) != napi_ok || count != 3 ||
      !byte_view(env, arguments[0], &bytes, &size) || !number_view(env, arguments[1], &numbers, &number_count) ||
      !number_view(env, arguments[2], &ends, &room) || number_count != 5) {
    return fail(env, "chunkEnds(bytes, parameters, ends)");
  }
  tidemark::ChunkingParameters parameters{numbers[0], numbers[1], numbers[2]};
  constexpr uint32_t kLargest = 1u << 30;
  bool fits = parameters.min >= 1 && parameters.min <= parameters.mean && parameters.mean <= parameters.max &&
              parameters.max <= kLargest && numbers[3] < parameters.max && size <= kLargest;
  if (!fits || room < size / parameters.min + 1) return fail(env, "chunkEnds: parameters out of range");
  tidemark::ChunkState state{numbers[3], numbers[4]};
  size_t found = tidemark::find_chunk_ends(bytes, size, parameters, state, ends, room);
  numbers[3] = state.length;
  numbers[4] = state.hash;
  napi_value out;
  napi_create_uint32(env, static_cast<uint32_t>(found), &out);
  return out;
}

}  // namespace

NAPI_MODULE_INIT() {
  napi_property_descriptor properties[] = {
      {"run", nullptr, run, nullptr, nullptr, nullptr, napi_enumerable, nullptr},
      {"identify", nullptr, identify, nullptr, nullptr, nullptr, napi_enumerable, nullptr},
      {"chunkEnds", nullptr, chunk_ends, nullptr, nullptr, nullptr, napi_enumerable, nullptr},
  };
  if (napi_define_properties(env, exports, sizeof properties / sizeof properties[0], properties) != napi_ok) {
    return nullptr;
  }
  return exports;
}

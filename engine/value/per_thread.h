#pragma once

#include <pthread.h>

#include <memory>
#include <new>

namespace tkn {

// The T of this thread, made when first asked for and destroyed when the thread ends; nullptr once
// it is gone, for what still runs then. That of the main thread stays until the process has ended.
// One for each type T: declare one for the purpose. Throws std::bad_alloc.
//
// `thread_local` does the same by way of the dynamic linker's lock (__cxa_thread_atexit_impl of
// glibc), which dlopen holds for as long as it loads: a thread that begins meanwhile would wait for
// all of libcurl's libraries.
template <typename T>
T* PerThread() {
  struct Slot {
    T* object;
    bool gone;
  };
  static thread_local constinit Slot slot{};
  if (slot.object != nullptr || slot.gone) return slot.object;
  static const pthread_key_t key = [] {
    pthread_key_t made{};
    const auto destroy = [](void* object) {
      slot = {nullptr, true};
      delete static_cast<T*>(object);
    };
    if (pthread_key_create(&made, destroy) != 0) throw std::bad_alloc();
    return made;
  }();
  auto object = std::make_unique<T>();
  if (pthread_setspecific(key, object.get()) != 0) throw std::bad_alloc();
  slot.object = object.release();
  return slot.object;
}

}  // namespace tkn

# SPDX-License-Identifier: MIT
# What all of our own targets share: warnings, sanitizers, and arithmetic without contraction, so that the
# same source gives the same figures native and in WebAssembly.
add_library(attention_svm_build INTERFACE)
target_compile_options(attention_svm_build INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -ffp-contract=off
  # False alarms: of g++ 12 on std::string (its bug 105651), of later ones on Eigen inside std::optional
  $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>
  $<$<AND:$<CXX_COMPILER_ID:GNU>,$<VERSION_GREATER_EQUAL:$<CXX_COMPILER_VERSION>,13>>:-Wno-maybe-uninitialized>
  $<$<BOOL:${ATTENTION_SVM_WERROR}>:-Werror>)
if(ATTENTION_SVM_SANITIZE)
  target_compile_options(attention_svm_build INTERFACE
    -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer)
  target_link_options(attention_svm_build INTERFACE -fsanitize=address,undefined)
endif()
if(ATTENTION_SVM_FUZZ)
  target_compile_options(attention_svm_build INTERFACE -fsanitize=fuzzer-no-link)
  target_link_options(attention_svm_build INTERFACE -fsanitize=fuzzer-no-link)
endif()
if(EMSCRIPTEN)
  # Optimized as a whole the page is a tenth smaller; where code is compiled for speed or for size is kept. The
  # features are those of every browser that has SIMD.
  add_compile_options(-mnontrapping-fptoint -msign-ext)
  set(ATTENTION_SVM_SMALL -Oz)
  if(ATTENTION_SVM_QUICK)
    set(ATTENTION_SVM_SMALL -O1)
  else()
    add_compile_options(-flto)
    add_link_options(-flto)
  endif()
  # Eigen 3.4's SSE path does not compile under Emscripten 3.1.6; the compiler vectorizes by itself.
  target_compile_options(attention_svm_build INTERFACE -msimd128 -fno-exceptions -fno-threadsafe-statics)
  target_compile_definitions(attention_svm_build INTERFACE EIGEN_DONT_VECTORIZE)
  # Emscripten 3.1.6 has a stack of 5 MB, versions from 3.1.27 on one of 64 kB, less than Eigen's temporaries take.
  # Every version knows this name of the setting. The tests run with a quarter of it, and checked.
  set(ATTENTION_SVM_STACK -sTOTAL_STACK=4MB)
endif()

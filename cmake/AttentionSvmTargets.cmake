# What all of our own targets share: warnings, sanitizers, and arithmetic without contraction, so that the
# same source gives the same figures native and in WebAssembly.
add_library(attention_svm_build INTERFACE)
target_compile_options(attention_svm_build INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -ffp-contract=off
  $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>  # false alarms of g++ 12 on std::string (its bug 105651)
  $<$<BOOL:${ATTENTION_SVM_WERROR}>:-Werror>)
if(ATTENTION_SVM_SANITIZE)
  target_compile_options(attention_svm_build INTERFACE
    -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer)
  target_link_options(attention_svm_build INTERFACE -fsanitize=address,undefined)
endif()
if(EMSCRIPTEN)
  # Eigen 3.4's SSE path does not compile under Emscripten 3.1.6; the compiler vectorizes by itself.
  # Optimizing all files as one saves 23 kB of what a first visit transfers.
  target_compile_options(attention_svm_build INTERFACE -msimd128 -fno-exceptions -fno-threadsafe-statics -flto)
  target_link_options(attention_svm_build INTERFACE -flto)
  target_compile_definitions(attention_svm_build INTERFACE EIGEN_DONT_VECTORIZE)
endif()

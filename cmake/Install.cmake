# SPDX-License-Identifier: MIT
# What `cmake --install` leaves: the core, its headers, a package for find_package and one for pkg-config, the licence.
include(CMakePackageConfigHelpers)
set(package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/AttentionSvm")
install(TARGETS attention_svm_core EXPORT AttentionSvmTargets)
install(DIRECTORY core/include/ DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(EXPORT AttentionSvmTargets NAMESPACE AttentionSvm:: DESTINATION ${package_dir})
configure_package_config_file(cmake/AttentionSvmConfig.cmake.in
  "${PROJECT_BINARY_DIR}/AttentionSvmConfig.cmake" INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file("${PROJECT_BINARY_DIR}/AttentionSvmConfigVersion.cmake" COMPATIBILITY SameMinorVersion)
install(FILES "${PROJECT_BINARY_DIR}/AttentionSvmConfig.cmake" "${PROJECT_BINARY_DIR}/AttentionSvmConfigVersion.cmake"
  DESTINATION ${package_dir})

# Relative to itself, so that the tree can be moved
file(RELATIVE_PATH up "/${CMAKE_INSTALL_LIBDIR}/pkgconfig" "/")
configure_file(cmake/attention-svm.pc.in "${PROJECT_BINARY_DIR}/attention-svm.pc" @ONLY)
install(FILES "${PROJECT_BINARY_DIR}/attention-svm.pc" DESTINATION "${CMAKE_INSTALL_LIBDIR}/pkgconfig")
